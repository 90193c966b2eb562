package io.weldr.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the table of a resource's routes. GET also answers HEAD; a method that a path does not
 * have is told which ones it has.
 */
final class Routes {
  private final HttpRules rules;
  private final Map<String, Set<Method>> methods = new HashMap<>();

  Routes(HttpRules rules) {
    this.rules = rules;
  }

  Routes get(String path, Handler handler) {
    return add(path, handler, Method.GET, Method.HEAD);
  }

  Routes post(String path, Handler handler) {
    return add(path, handler, Method.POST);
  }

  Routes delete(String path, Handler handler) {
    return add(path, handler, Method.DELETE);
  }

  /** A GET route that was called without its path argument. */
  Routes getWithout(String path, String message) {
    return get(path, failing(message));
  }

  /** A POST route that was called without its path argument. */
  Routes postWithout(String path, String message) {
    return post(path, failing(message));
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

  private Routes add(String path, Handler handler, Method... added) {
    Set<Method> allowed = methods.computeIfAbsent(path, p -> new LinkedHashSet<>());
    for (Method method : added) {
      rules.route(method, path, handler);
      allowed.add(method);
    }
    rules.any(path, (request, response) -> refuse(request, response, allowed));
    return this;
  }

  /** A path may get another method further down in the table. */
  private static void refuse(ServerRequest request, ServerResponse response, Set<Method> allowed) {
    if (allowed.contains(request.prologue().method())) {
      response.next();
      return;
    }
    String names = allowed.stream().map(Method::text).collect(Collectors.joining(", "));
    response.header(HeaderValues.create(HeaderNames.ALLOW, names));
    throw ApiException.ofTransport(Status.METHOD_NOT_ALLOWED_405, "Method Not Allowed");
  }
}
