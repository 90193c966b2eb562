package io.weldr.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the resources are mounted: {@code /api/status} and every version's resources below {@code
 * /api/v0} and {@code /api/v1}. Requests to the host {@code api} find them without {@code /api}:
 * today's curl sends those when it is given the {@code http:///api/v0/…} of older documentation.
 */
final class ApiRouting {
  private static final Logger LOG = System.getLogger(ApiRouting.class.getName());
  private static final List<String> DISK_PROBLEMS =
      List.of("No space left on device", "Disk quota exceeded", "Read-only file system");

  private ApiRouting() {}

  static HttpRouting.Builder routing(Resources resources) {
    HttpRouting.Builder routing = HttpRouting.builder();
    routing.addFilter(new RequestLog());
    routing.error(
        ApiException.class, (request, response, e) -> Replies.failure(request, response, e));
    routing.error(Throwable.class, ApiRouting::internalError);
    mount(routing, "/api", resources);
    routing.any("/status", ApiRouting::onlyForHostApi);
    routing.any("/v0/*", ApiRouting::onlyForHostApi);
    routing.any("/v1/*", ApiRouting::onlyForHostApi);
    mount(routing, "", resources);
    routing.any(ApiRouting::notFound);
    return routing;
  }

  private static void mount(HttpRouting.Builder routing, String prefix, Resources resources) {
    routing.register(prefix.isEmpty() ? "/" : prefix, resources.status());
    for (ApiVersion version : ApiVersion.values()) {
      List<HttpService> services = resources.of(version);
      routing.register(prefix + "/" + version.segment(), services.toArray(HttpService[]::new));
    }
  }

  private static void onlyForHostApi(ServerRequest request, ServerResponse response) {
    String host = request.headers().first(HeaderNames.HOST).orElse("");
    if (!host.equals("api")) {
      throw ApiException.notFound();
    }
    response.next();
  }

  private static void notFound(ServerRequest request, ServerResponse response) {
    throw ApiException.notFound();
  }

  private static void internalError(
      ServerRequest request, ServerResponse response, Throwable cause) {
    LOG.log(
        Level.ERROR,
        "%s %s failed"
            .formatted(request.prologue().method().text(), request.prologue().uriPath().rawPath()),
        cause);
    Replies.failure(
        request,
        response,
        ApiException.ofTransport(
            Status.INTERNAL_SERVER_ERROR_500,
            diskProblem(cause)
                .map("The change could not be stored: %s"::formatted)
                .orElse("Internal Server Error")));
  }

  /** What an administrator can do something about, in the words of the system. */
  private static Optional<String> diskProblem(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(IOException.class::isInstance)
        .map(cause -> String.valueOf(cause.getMessage()))
        .flatMap(message -> DISK_PROBLEMS.stream().filter(message::contains))
        .findFirst();
  }
}
