package io.weldr.api.http;

import io.helidon.webserver.http.ServerRequest;
import java.util.Arrays;
import java.util.List;

/**
 * Package names and globs between commas in the path of a request.
 *
 * @param asTyped all of them
 */
record PackageNames(String asTyped) {
  /** Names are looked up, globs are tried on every package. */
  private static final int MOST_GLOBS = 100;

  static PackageNames of(ServerRequest request) {
    return new PackageNames(PathNames.general(request, "names"));
  }

  /**
   * Each of them, without the empty ones.
   *
   * @param errorId of the error when there are too many globs
   */
  List<String> each(String errorId) {
    List<String> names =
        Arrays.stream(asTyped.split(",")).filter(name -> !name.isEmpty()).distinct().toList();
    if (names.stream().filter(name -> name.contains("*")).count() > MOST_GLOBS) {
      throw ApiException.badRequest(
          errorId, "at most " + MOST_GLOBS + " names with * are allowed in one request");
    }
    return names;
  }
}
