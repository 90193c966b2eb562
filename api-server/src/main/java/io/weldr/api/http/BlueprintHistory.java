package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.BlueprintDiff;
import io.weldr.api.blueprint.BlueprintException;
import io.weldr.api.blueprint.BlueprintJson;
import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BlueprintRepository;
import io.weldr.api.blueprint.BlueprintStore;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.blueprint.Change;
import io.weldr.api.blueprint.ChangePage;
import io.weldr.api.blueprint.DamagedBlueprintException;
import io.weldr.api.blueprint.InvalidNameException;
import io.weldr.api.blueprint.UnknownBlueprintException;
import io.weldr.api.blueprint.UnknownCommitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What blueprints were: {@code blueprints/changes} and {@code diff}, and {@code blueprints/change}
 * of version 1, which is osbuild-composer's.
 */
final class BlueprintHistory implements HttpService {
  private static final int MOST = 1000;
  private static final String WORKSPACE = "WORKSPACE";

  private final ApiVersion version;
  private final BlueprintStore blueprints;
  private final int listLimit;

  /**
   * @param listLimit number of changes when the request gives none
   */
  BlueprintHistory(ApiVersion version, BlueprintStore blueprints, int listLimit) {
    this.version = version;
    this.blueprints = blueprints;
    this.listLimit = listLimit;
  }

  @Override
  public void routing(HttpRules rules) {
    Routes routes =
        new Routes(rules)
            .getWithout("/blueprints/changes", "no blueprint names given")
            .get("/blueprints/changes/{names}", this::changes)
            .getWithout("/blueprints/diff", "no blueprint name given")
            .getWithout("/blueprints/diff/{name}", "no from commit ID given")
            .getWithout("/blueprints/diff/{name}/{from}", "no to commit ID given")
            .get("/blueprints/diff/{name}/{from}/{to}", this::diff);
    if (version == ApiVersion.V1) {
      routes.get("/blueprints/change/{name}/{commit}", this::change);
    }
  }

  private void changes(ServerRequest request, ServerResponse response) {
    List<BlueprintName> names = PathNames.blueprints(request, "names", MOST);
    Query query = Query.of(request);
    BranchName branch = query.branch();
    Pagination pagination = query.pagination(listLimit);
    BlueprintRepository repository = blueprints.repository();
    List<BlueprintName> found = new ArrayList<>();
    List<ApiError> errors = new ArrayList<>();
    for (BlueprintName name : names) {
      if (repository.changes(branch, name, 0, 0).isPresent()) {
        found.add(name);
      } else {
        errors.add(unknown(branch, name));
      }
    }
    found.sort(BlueprintForms.byNameOf(BlueprintName::value));
    new JsonList(
            "",
            "blueprints",
            ",\"errors\":%s,\"limit\":%d,\"offset\":%d"
                .formatted(
                    Json.text(Replies.errors(errors)), pagination.limit(), pagination.offset()))
        .sendLarge(
            request,
            response,
            found.size(),
            sink -> {
              for (BlueprintName name : found) {
                sink.add(
                    changes(
                        name,
                        repository
                            .changes(branch, name, pagination.offset(), pagination.limit())
                            .orElseThrow()));
              }
            });
  }

  private ApiError unknown(BranchName branch, BlueprintName name) {
    return blueprints.repository().contains(branch)
        ? new ApiError(ApiError.UNKNOWN_BLUEPRINT, name.value())
        : new ApiError(ApiError.BLUEPRINTS_ERROR, name + ": Unknown branch: " + branch);
  }

  private static Map<String, Object> changes(BlueprintName name, ChangePage page) {
    return Map.of(
        "name",
        name.value(),
        "total",
        page.total(),
        "changes",
        page.changes().stream().map(ChangeForm::of).toList());
  }

  /** A change in a reply; the components are the keys, in their order. */
  private record ChangeForm(String commit, String message, Integer revision, String timestamp) {
    static ChangeForm of(Change change) {
      return new ChangeForm(
          change.commitId(),
          change.message(),
          change.revision().isPresent() ? (Integer) change.revision().getAsInt() : null,
          change.timestamp().toString());
    }
  }

  private void diff(ServerRequest request, ServerResponse response) {
    String text = PathNames.general(request, "name");
    String from = PathNames.general(request, "from");
    String to = PathNames.general(request, "to");
    BranchName branch = Query.of(request).branch();
    BlueprintName name = known(branch, text);
    if (from.equals(WORKSPACE)) {
      throw ApiException.badRequest(
          ApiError.UNKNOWN_COMMIT,
          "Unknown commit: WORKSPACE; it can be compared with a commit, not the other way round");
    }
    try {
      BlueprintRepository repository = blueprints.repository();
      Blueprint before = repository.at(branch, name, from).blueprint();
      Optional<Blueprint> copy =
          to.equals(WORKSPACE) ? blueprints.workspace().find(branch, name) : Optional.empty();
      String revision = to.equals(WORKSPACE) ? BlueprintRepository.NEWEST : to;
      Blueprint after = copy.orElseGet(() -> repository.at(branch, name, revision).blueprint());
      Replies.json(
          request,
          response,
          Map.of("diff", BlueprintJson.tree(BlueprintDiff.between(before, after))));
    } catch (UnknownCommitException e) {
      throw ApiException.badRequest(ApiError.UNKNOWN_COMMIT, e.getMessage());
    } catch (BlueprintException e) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, e.getMessage());
    }
  }

  /** A name of the path that belongs to a blueprint of the branch, readable or not. */
  private BlueprintName known(BranchName branch, String text) {
    try {
      BlueprintName name = BlueprintName.of(text);
      if (blueprints.repository().contains(branch, name)) {
        return name;
      }
    } catch (InvalidNameException e) {
      // The path lets more characters through than names have.
    }
    throw ApiException.badRequest(ApiError.UNKNOWN_BLUEPRINT, "Unknown blueprint name: " + text);
  }

  private void change(ServerRequest request, ServerResponse response) {
    BlueprintName name = PathNames.blueprint(request, "name");
    String commit = PathNames.commit(request, "commit");
    Query query = Query.of(request);
    BranchName branch = query.branch();
    boolean toml = query.toml();
    try {
      Blueprint blueprint = blueprints.repository().at(branch, name, commit).blueprint();
      if (toml) {
        BlueprintForms.toml(request, response, List.of(blueprint), List.of());
      } else {
        Replies.json(request, response, BlueprintJson.tree(blueprint));
      }
    } catch (UnknownCommitException | UnknownBlueprintException e) {
      throw ApiException.badRequest(ApiError.UNKNOWN_COMMIT, e.getMessage());
    } catch (DamagedBlueprintException e) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, e.getMessage());
    }
  }
}
