package io.weldr.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.BlueprintJson;
import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BlueprintStore;
import io.weldr.api.blueprint.BlueprintStore.Current;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.blueprint.DamagedBlueprintException;
import io.weldr.api.compose.BlueprintDependencies;
import io.weldr.api.depsolve.DepsolveException;
import io.weldr.api.depsolve.SolvedPackage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code blueprints/depsolve} and {@code freeze}: what blueprints would bring along. */
final class BlueprintPackages implements HttpService {
  /** Each takes a run of the solver. */
  private static final int MOST = 100;

  private final BlueprintStore blueprints;
  private final BlueprintDependencies dependencies;

  BlueprintPackages(BlueprintStore blueprints, PackageAccess packages) {
    this.blueprints = blueprints;
    this.dependencies = new BlueprintDependencies(packages.sources(), packages.depsolver());
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .getWithout("/blueprints/depsolve", "no blueprint names given")
        .get("/blueprints/depsolve/{names}", this::depsolve)
        .getWithout("/blueprints/freeze", "no blueprint names given")
        .get("/blueprints/freeze/{names}", this::freeze);
  }

  private void depsolve(ServerRequest request, ServerResponse response) {
    List<BlueprintName> names = PathNames.blueprints(request, "names", MOST);
    BranchName branch = Query.of(request).branch();
    List<ApiError> errors = new ArrayList<>();
    List<Map<String, Object>> solved = new ArrayList<>();
    for (Blueprint blueprint : current(branch, names, errors)) {
      // Clients show the blueprint also when there is no solution.
      solved.add(withDependencies(blueprint, solve(blueprint, errors).orElse(List.of())));
    }
    Replies.json(request, response, Map.of("blueprints", solved, "errors", Replies.errors(errors)));
  }

  private static Map<String, Object> withDependencies(
      Blueprint blueprint, List<SolvedPackage> solution) {
    return Map.of(
        "blueprint",
        BlueprintJson.tree(blueprint),
        "dependencies",
        ProjectForms.packages(solution),
        "modules",
        ProjectForms.packages(BlueprintDependencies.named(blueprint, solution)));
  }

  private void freeze(ServerRequest request, ServerResponse response) {
    List<BlueprintName> names = PathNames.blueprints(request, "names", MOST);
    Query query = Query.of(request);
    BranchName branch = query.branch();
    boolean toml = query.toml();
    List<ApiError> errors = new ArrayList<>();
    List<Blueprint> frozen = new ArrayList<>();
    for (Blueprint blueprint : current(branch, names, errors)) {
      solve(blueprint, errors)
          .map(solution -> BlueprintDependencies.freeze(blueprint, solution))
          .ifPresent(frozen::add);
    }
    if (toml) {
      BlueprintForms.toml(request, response, frozen, errors);
    } else {
      List<Map<String, JsonNode>> trees =
          frozen.stream()
              .map(each -> Map.<String, JsonNode>of("blueprint", BlueprintJson.tree(each)))
              .toList();
      Replies.json(
          request, response, Map.of("blueprints", trees, "errors", Replies.errors(errors)));
    }
  }

  /** Those of the names that there are, in the order of replies. */
  private List<Blueprint> current(
      BranchName branch, List<BlueprintName> names, List<ApiError> errors) {
    List<Blueprint> found = new ArrayList<>();
    for (BlueprintName name : names) {
      try {
        blueprints
            .current(branch, name)
            .map(Current::blueprint)
            .ifPresentOrElse(
                found::add,
                () ->
                    errors.add(
                        new ApiError(ApiError.UNKNOWN_BLUEPRINT, name + ": blueprint not found")));
      } catch (DamagedBlueprintException e) {
        errors.add(new ApiError(ApiError.BLUEPRINTS_ERROR, name + ": " + e.getMessage()));
      }
    }
    found.sort(BlueprintForms.BY_NAME);
    return found;
  }

  private Optional<List<SolvedPackage>> solve(Blueprint blueprint, List<ApiError> errors) {
    try {
      return Optional.of(dependencies.solve(blueprint));
    } catch (DepsolveException e) {
      String problem = BlueprintDependencies.problem(blueprint, e);
      errors.add(new ApiError(ApiError.BLUEPRINTS_ERROR, blueprint.name() + ": " + problem));
      return Optional.empty();
    }
  }
}
