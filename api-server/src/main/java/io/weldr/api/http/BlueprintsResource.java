package io.weldr.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.BlueprintException;
import io.weldr.api.blueprint.BlueprintJson;
import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BlueprintParser;
import io.weldr.api.blueprint.BlueprintRepository;
import io.weldr.api.blueprint.BlueprintToml;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.blueprint.CommittedBlueprint;
import io.weldr.api.blueprint.DamagedBlueprintException;
import io.weldr.api.blueprint.UnknownBranchException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code blueprints/list}, {@code info}, {@code new} and {@code delete}. */
final class BlueprintsResource implements HttpService {
  private final BlueprintRepository blueprints;
  private final int listLimit;

  /**
   * @param listLimit length of a list when the request gives none
   */
  BlueprintsResource(BlueprintRepository blueprints, int listLimit) {
    this.blueprints = blueprints;
    this.listLimit = listLimit;
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .get("/blueprints/list", this::list)
        .getWithout("/blueprints/info", "no blueprint names given")
        .get("/blueprints/info/{names}", this::info)
        .post("/blueprints/new", this::save)
        .deleteWithout("/blueprints/delete", "no blueprint name given")
        .delete("/blueprints/delete/{name}", this::delete);
  }

  private void list(ServerRequest request, ServerResponse response) {
    Query query = Query.of(request);
    BranchName branch = query.branch();
    Pagination pagination = query.pagination(listLimit);
    try {
      Replies.json(request, response, pagination.reply("blueprints", blueprints.list(branch)));
    } catch (UnknownBranchException e) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, e.getMessage());
    }
  }

  private void info(ServerRequest request, ServerResponse response) {
    List<BlueprintName> names = PathNames.blueprints(request, "names");
    Query query = Query.of(request);
    BranchName branch = query.branch();
    boolean toml = query.toml();
    List<Blueprint> found = new ArrayList<>();
    List<ApiError> errors = new ArrayList<>();
    for (BlueprintName name : names) {
      find(branch, name, errors).ifPresent(found::add);
    }
    if (toml) {
      infoToml(request, response, found, errors);
    } else {
      infoJson(request, response, found, errors);
    }
  }

  private Optional<Blueprint> find(BranchName branch, BlueprintName name, List<ApiError> errors) {
    try {
      Optional<Blueprint> found =
          blueprints.newest(branch, name).map(CommittedBlueprint::blueprint);
      if (found.isEmpty()) {
        errors.add(new ApiError(ApiError.UNKNOWN_BLUEPRINT, name + ": "));
      }
      return found;
    } catch (DamagedBlueprintException e) {
      errors.add(new ApiError(ApiError.BLUEPRINTS_ERROR, name + ": " + e.getMessage()));
      return Optional.empty();
    }
  }

  private static void infoToml(
      ServerRequest request,
      ServerResponse response,
      List<Blueprint> found,
      List<ApiError> errors) {
    if (!errors.isEmpty()) {
      throw ApiException.badRequest(errors);
    }
    String text =
        found.stream().map(BlueprintToml::print).collect(Collectors.joining("\n\n", "", "\n"));
    Replies.text(request, response, "text/x-toml", text);
  }

  private static void infoJson(
      ServerRequest request,
      ServerResponse response,
      List<Blueprint> found,
      List<ApiError> errors) {
    List<Blueprint> sorted =
        found.stream()
            .sorted(Comparator.comparing(blueprint -> blueprint.name().toLowerCase(Locale.ROOT)))
            .toList();
    List<JsonNode> trees = sorted.stream().<JsonNode>map(BlueprintJson::tree).toList();
    List<Map<String, Object>> changes =
        sorted.stream()
            .map(blueprint -> Map.<String, Object>of("name", blueprint.name(), "changed", false))
            .toList();
    Replies.json(
        request,
        response,
        Map.of("blueprints", trees, "changes", changes, "errors", Replies.errors(errors)));
  }

  private void save(ServerRequest request, ServerResponse response) {
    BranchName branch = Query.of(request).branch();
    try {
      Blueprint blueprint = posted(request);
      // Checked after the rest of the blueprint.
      PathNames.blueprint(blueprint.name());
      CommittedBlueprint saved = blueprints.save(branch, blueprint);
      ClientConnection.current().outcome("commit " + saved.commitId());
      Replies.ok(request, response);
    } catch (BlueprintException e) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, e.getMessage());
    }
  }

  /** The blueprint in a request's body. */
  static Blueprint posted(ServerRequest request) {
    return switch (RequestBody.form(request)) {
      case TOML -> RequestBody.parse(request, BlueprintsResource::fromToml);
      case JSON -> RequestBody.parse(request, BlueprintsResource::fromJson);
      case OTHER ->
          throw ApiException.badRequest(
              ApiError.BLUEPRINTS_ERROR,
              "A blueprint must be sent as text/x-toml or application/json.");
      case UNSTATED ->
          throw ApiException.badRequest(
              ApiError.BLUEPRINTS_ERROR,
              "The Content-Type header is missing; send text/x-toml or application/json.");
    };
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

  private void delete(ServerRequest request, ServerResponse response) {
    BlueprintName name = PathNames.blueprint(request, "name");
    BranchName branch = Query.of(request).branch();
    try {
      blueprints.delete(branch, name);
      Replies.ok(request, response);
    } catch (BlueprintException e) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, e.getMessage());
    }
  }
}
