package io.weldr.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The bodies of replies, without the body when the request is HEAD. */
final class Replies {
  private Replies() {}

  /** Status 200 with a JSON document. */
  static void json(ServerRequest request, ServerResponse response, Map<String, ?> document) {
    send(request, response, "application/json", Json.write(document));
  }

  /** Status 200 with a JSON document that is a tree already. */
  static void json(ServerRequest request, ServerResponse response, ObjectNode document) {
    send(request, response, "application/json", Json.write(document));
  }

  /** Status 200 with {@code {"status":true}}. */
  static void ok(ServerRequest request, ServerResponse response) {
    json(request, response, Map.of("status", true));
  }

  /** Status 200 with text that no browser takes for a page. */
  static void text(ServerRequest request, ServerResponse response, String type, String text) {
    response.header(HeaderValues.create("X-Content-Type-Options", "nosniff"));
    send(request, response, type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** The reply of a request that failed as a whole. */
  static void failure(ServerRequest request, ServerResponse response, ApiException failure) {
    ClientConnection.current()
        .outcome(failure.errors().stream().map(ApiError::id).collect(Collectors.joining(",")));
    response.status(failure.status());
    byte[] body =
        failure.ofTransport()
            ? transportError(failure.status(), failure.getMessage())
            : Json.write(Map.of("status", false, "errors", errors(failure.errors())));
    send(request, response, "application/json", body);
  }

  /** The body of an error of the transport. */
  static byte[] transportError(Status status, String message) {
    Map<String, Object> error =
        Map.of("id", ApiError.HTTP_ERROR, "msg", message, "code", status.code());
    return Json.write(Map.of("status", false, "errors", List.of(error)));
  }

  /** Errors as they are in replies. */
  static List<Map<String, String>> errors(List<ApiError> errors) {
    return errors.stream().map(error -> Map.of("id", error.id(), "msg", error.msg())).toList();
  }

  private static void send(
      ServerRequest request, ServerResponse response, String type, byte[] body) {
    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, type));
    response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, body.length));
    response.send(isHead(request) ? new byte[0] : body);
  }

  static boolean isHead(ServerRequest request) {
    return request.prologue().method().equals(Method.HEAD);
  }
}
