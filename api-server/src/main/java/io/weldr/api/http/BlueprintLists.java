package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.blueprint.BlueprintJson;
import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BlueprintStore;
import io.weldr.api.blueprint.BlueprintStore.Current;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.blueprint.DamagedBlueprintException;
import io.weldr.api.blueprint.UnknownBranchException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code blueprints/list} and {@code info}: what there is now. */
final class BlueprintLists implements HttpService {
  private static final int MOST = 1000;

  private final BlueprintStore blueprints;
  private final int listLimit;

  /**
   * @param listLimit length of a list when the request gives none
   */
  BlueprintLists(BlueprintStore blueprints, int listLimit) {
    this.blueprints = blueprints;
    this.listLimit = listLimit;
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .get("/blueprints/list", this::list)
        .getWithout("/blueprints/info", "no blueprint names given")
        .get("/blueprints/info/{names}", this::info);
  }

  private void list(ServerRequest request, ServerResponse response) {
    Query query = Query.of(request);
    BranchName branch = query.branch();
    Pagination pagination = query.pagination(listLimit);
    try {
      List<String> names = blueprints.repository().list(branch);
      Replies.json(request, response, pagination.reply("blueprints", names));
    } catch (UnknownBranchException e) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, e.getMessage());
    }
  }

  private void info(ServerRequest request, ServerResponse response) {
    List<BlueprintName> names = PathNames.blueprints(request, "names", MOST);
    Query query = Query.of(request);
    BranchName branch = query.branch();
    boolean toml = query.toml();
    List<Current> found = new ArrayList<>();
    List<ApiError> errors = new ArrayList<>();
    for (BlueprintName name : names) {
      find(branch, name, errors).ifPresent(found::add);
    }
    if (toml) {
      BlueprintForms.toml(
          request, response, found.stream().map(Current::blueprint).toList(), errors);
    } else {
      json(request, response, found, errors);
    }
  }

  private Optional<Current> find(BranchName branch, BlueprintName name, List<ApiError> errors) {
    try {
      Optional<Current> found = blueprints.current(branch, name);
      if (found.isEmpty()) {
        errors.add(new ApiError(ApiError.UNKNOWN_BLUEPRINT, name + ": " + whyUnknown(branch)));
      }
      return found;
    } catch (DamagedBlueprintException e) {
      errors.add(new ApiError(ApiError.BLUEPRINTS_ERROR, name + ": " + e.getMessage()));
      return Optional.empty();
    }
  }

  /** Clients expect nothing behind the colon when only the blueprint is unknown. */
  private String whyUnknown(BranchName branch) {
    return blueprints.repository().contains(branch) ? "" : "Unknown branch: " + branch;
  }

  private static void json(
      ServerRequest request, ServerResponse response, List<Current> found, List<ApiError> errors) {
    List<Current> sorted =
        found.stream()
            .sorted(Comparator.comparing(Current::blueprint, BlueprintForms.BY_NAME))
            .toList();
    List<Map<String, Object>> changes =
        sorted.stream()
            .map(
                current ->
                    Map.<String, Object>of(
                        "name", current.blueprint().name(), "changed", current.changed()))
            .toList();
    JsonList reply =
        new JsonList(
            "",
            "blueprints",
            ",\"changes\":"
                + Json.text(changes)
                + ",\"errors\":"
                + Json.text(Replies.errors(errors)));
    JsonList.Items trees =
        sink -> {
          for (Current current : sorted) {
            sink.add(BlueprintJson.tree(current.blueprint()));
          }
        };
    reply.sendLarge(request, response, sorted.size(), trees);
  }
}
