package io.weldr.api.http;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.BlueprintParser;
import io.weldr.api.blueprint.BlueprintToml;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Blueprints as they come in requests, and as TOML in replies. */
final class BlueprintForms {
  /** The order of replies. */
  static final Comparator<Blueprint> BY_NAME = byNameOf(Blueprint::name);

  /** In one TOML reply, which is made in memory. */
  private static final int MOST = 20;

  private BlueprintForms() {}

  /** Orders by lower-cased names, then by exact names. */
  static <T> Comparator<T> byNameOf(Function<T, String> name) {
    return Comparator.comparing((T item) -> name.apply(item).toLowerCase(Locale.ROOT))
        .thenComparing(name);
  }

  /**
   * The blueprint in a request's body.
   *
   * @throws ApiException when it is no blueprint, with every problem found, and when its name is
   *     not allowed, which is looked at last
   */
  static Blueprint posted(ServerRequest request) {
    Blueprint blueprint =
        switch (RequestBody.form(request)) {
          case TOML -> RequestBody.parse(request, BlueprintForms::fromToml);
          case JSON -> RequestBody.parse(request, BlueprintForms::fromJson);
          case OTHER ->
              throw ApiException.badRequest(
                  ApiError.BLUEPRINTS_ERROR,
                  "A blueprint must be sent as text/x-toml or application/json.");
          case UNSTATED ->
              throw ApiException.badRequest(
                  ApiError.BLUEPRINTS_ERROR,
                  "The Content-Type header is missing; send text/x-toml or application/json.");
        };
    PathNames.blueprint(blueprint.name());
    return blueprint;
  }

  private static Blueprint fromToml(byte[] document) {
    TomlStructure.check(document);
    return BlueprintParser.fromToml(document);
  }

  private static Blueprint fromJson(byte[] document) {
    Blueprint blueprint = BlueprintParser.fromJson(document);
    // It is stored as TOML and parsed whenever it is read.
    TomlStructure.check(BlueprintToml.print(blueprint));
    return blueprint;
  }

  /**
   * Sends blueprints as TOML with a blank line between them.
   *
   * @throws ApiException when there are errors: TOML has no place for them
   */
  static void toml(
      ServerRequest request,
      ServerResponse response,
      List<Blueprint> blueprints,
      List<ApiError> errors) {
    if (!errors.isEmpty()) {
      throw ApiException.badRequest(errors);
    }
    if (blueprints.size() > MOST) {
      throw ApiException.badRequest(
          ApiError.BLUEPRINTS_ERROR,
          "at most " + MOST + " blueprints can be asked for at once in TOML");
    }
    String text =
        blueprints.stream().map(BlueprintToml::print).collect(Collectors.joining("\n\n", "", "\n"));
    Replies.text(request, response, "text/x-toml", text);
  }
}
