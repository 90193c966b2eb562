package io.weldr.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;

/**
 * Writes the table of a resource's routes. Each path has one method; GET also answers HEAD, every
 * other method is told which one is allowed.
 */
final class Routes {
  private final HttpRules rules;

  Routes(HttpRules rules) {
    this.rules = rules;
  }

  Routes get(String path, Handler handler) {
    rules.route(Method.GET, path, handler).route(Method.HEAD, path, handler);
    return allow(path, "GET, HEAD");
  }

  Routes post(String path, Handler handler) {
    rules.route(Method.POST, path, handler);
    return allow(path, "POST");
  }

  Routes delete(String path, Handler handler) {
    rules.route(Method.DELETE, path, handler);
    return allow(path, "DELETE");
  }

  /** A GET route that was called without its path argument. */
  Routes getWithout(String path, String message) {
    return get(path, failing(message));
  }

  /** A DELETE route that was called without its path argument. */
  Routes deleteWithout(String path, String message) {
    return delete(path, failing(message));
  }

  private static Handler failing(String message) {
    return (request, response) -> {
      throw ApiException.missing(message);
    };
  }

  private Routes allow(String path, String methods) {
    rules.any(
        path,
        (request, response) -> {
          response.header(HeaderValues.create(HeaderNames.ALLOW, methods));
          throw ApiException.ofTransport(Status.METHOD_NOT_ALLOWED_405, "Method Not Allowed");
        });
    return this;
  }
}
