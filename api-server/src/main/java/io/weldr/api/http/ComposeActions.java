package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.compose.ComposeException;
import io.weldr.api.compose.ComposeFailureException;
import io.weldr.api.compose.ComposeRefusedException;
import io.weldr.api.compose.Composes;
import io.weldr.api.compose.UnknownComposeException;
import io.weldr.api.compose.WrongStateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code POST compose}, {@code compose/cancel} and {@code compose/delete}. */
final class ComposeActions implements HttpService {
  private final ApiVersion version;
  private final Composes composes;

  ComposeActions(ApiVersion version, Composes composes) {
    this.version = version;
    this.composes = composes;
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .post("/compose", this::start)
        .deleteWithout("/compose/cancel", "no UUID given")
        .delete("/compose/cancel/{id}", this::cancel)
        .deleteWithout("/compose/delete", "no UUIDs given")
        .delete("/compose/delete/{ids}", this::delete);
  }

  private void start(ServerRequest request, ServerResponse response) {
    try {
      String id = composes.start(ComposeRequests.read(version, request)).toString();
      ClientConnection.current().outcome("compose " + id);
      Replies.json(
          request,
          response,
          version == ApiVersion.V0
              ? Map.of("status", true, "build_id", id)
              : Map.of("status", true, "build_id", id, "upload_id", ""));
    } catch (ComposeRefusedException e) {
      throw ApiException.badRequest(
          e.refusals().stream()
              .map(refusal -> new ApiError(refusal.id(), refusal.message()))
              .toList());
    }
  }

  private void cancel(ServerRequest request, ServerResponse response) {
    UUID id = PathNames.compose(request, "id");
    try {
      composes.cancel(id);
      Replies.json(request, response, Map.of("status", true, "uuid", id.toString()));
    } catch (ComposeException e) {
      throw ApiException.badRequest(List.of(error(id.toString(), e)));
    }
  }

  private void delete(ServerRequest request, ServerResponse response) {
    List<Map<String, Object>> deleted = new ArrayList<>();
    List<ApiError> errors = new ArrayList<>();
    for (String id : PathNames.ids(request, "ids")) {
      Optional<ApiError> error = delete(id);
      if (error.isEmpty()) {
        deleted.add(Map.of("uuid", id, "status", true));
      } else {
        errors.add(error.get());
      }
    }
    ClientConnection.current()
        .outcome("%d deleted, %d refused".formatted(deleted.size(), errors.size()));
    Replies.json(request, response, Map.of("uuids", deleted, "errors", Replies.errors(errors)));
  }

  private Optional<ApiError> delete(String text) {
    Optional<UUID> id = PathNames.uuid(text);
    if (id.isEmpty()) {
      return ComposeJson.unknown(text, false);
    }
    try {
      composes.delete(id.get());
      return Optional.empty();
    } catch (ComposeException e) {
      return Optional.of(error(text, e));
    }
  }

  private static ApiError error(String id, ComposeException e) {
    return switch (e) {
      case UnknownComposeException unknown ->
          new ApiError(ApiError.UNKNOWN_UUID, unknown.getMessage());
      case WrongStateException wrong ->
          new ApiError(ApiError.BUILD_IN_WRONG_STATE, wrong.getMessage());
      case ComposeFailureException failure ->
          new ApiError(ApiError.COMPOSE_ERROR, id + ": " + failure.getMessage());
    };
  }
}
