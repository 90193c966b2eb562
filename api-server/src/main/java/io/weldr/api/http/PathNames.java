package io.weldr.api.http;

import io.helidon.webserver.http.ServerRequest;
import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.InvalidNameException;
import io.weldr.api.compose.ComposeEntry;
import io.weldr.api.compose.Composes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Names in the paths of requests, decoded before they are split and checked. */
final class PathNames {
  static final String BAD_PATH = "Invalid characters in API path";

  private static final Pattern GENERAL = Pattern.compile("[a-zA-Z0-9_,.:+*-]+");
  private static final Pattern COMMIT = Pattern.compile("[a-zA-Z0-9._-]+");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private PathNames() {}

  /** Whether a text has only the characters that branches, formats and most path parts may have. */
  static boolean isGeneral(String text) {
    return GENERAL.matcher(text).matches();
  }

  /** A part of the path, with the general characters. */
  static String general(ServerRequest request, String parameter) {
    String part = part(request, parameter);
    if (!isGeneral(part)) {
      throw ApiException.badRequest(ApiError.INVALID_CHARS, BAD_PATH);
    }
    return part;
  }

  /** One blueprint name. */
  static BlueprintName blueprint(ServerRequest request, String parameter) {
    return blueprint(part(request, parameter));
  }

  /**
   * Blueprint names between commas, in the order of the request.
   *
   * @param most how many there may be
   */
  static List<BlueprintName> blueprints(ServerRequest request, String parameter, int most) {
    List<BlueprintName> names = new ArrayList<>();
    for (String name : part(request, parameter).split(",", -1)) {
      names.add(blueprint(name));
    }
    if (names.size() > most) {
      throw ApiException.badRequest(
          ApiError.BLUEPRINTS_ERROR,
          "at most " + most + " blueprints can be asked for at once, not " + names.size());
    }
    return names;
  }

  /** A blueprint name of a request. */
  static BlueprintName blueprint(String name) {
    try {
      return BlueprintName.of(name);
    } catch (InvalidNameException e) {
      throw ApiException.badRequest(ApiError.INVALID_CHARS, BAD_PATH);
    }
  }

  /** The id of a commit, which has the characters of a blueprint name. */
  static String commit(ServerRequest request, String parameter) {
    String commit = part(request, parameter);
    if (!COMMIT.matcher(commit).matches()) {
      throw ApiException.badRequest(ApiError.INVALID_CHARS, BAD_PATH);
    }
    return commit;
  }

  /** The ids of composes between commas, trimmed and in lower case, not checked further. */
  static List<String> ids(ServerRequest request, String parameter) {
    return List.of(general(request, parameter).toLowerCase(Locale.ROOT).split(",", -1));
  }

  /** The id of a compose, in upper or lower case; empty when it cannot be one. */
  static Optional<UUID> uuid(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return UUID_FORM.matcher(lower).matches()
        ? Optional.of(UUID.fromString(lower))
        : Optional.empty();
  }

  /** The id of a compose in the path. */
  static UUID compose(ServerRequest request, String parameter) {
    String text = general(request, parameter);
    return uuid(text).orElseThrow(() -> unknownCompose(text));
  }

  /** The compose whose id is the path's parameter {@code id}. */
  static ComposeEntry compose(ServerRequest request, Composes composes) {
    UUID id = compose(request, "id");
    return composes.find(id).orElseThrow(() -> unknownCompose(id.toString()));
  }

  static ApiException unknownCompose(String id) {
    return ApiException.badRequest(ApiError.UNKNOWN_UUID, id + " is not a valid build uuid");
  }

  private static String part(ServerRequest request, String parameter) {
    // What follows a semicolon would be dropped in silence.
    if (request.prologue().uriPath().rawPath().indexOf(';') >= 0) {
      throw ApiException.badRequest(ApiError.INVALID_CHARS, BAD_PATH);
    }
    return request.path().pathParameters().get(parameter);
  }
}
