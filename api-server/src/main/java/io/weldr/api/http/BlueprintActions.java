package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.blueprint.BlueprintException;
import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BlueprintStore;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.blueprint.CommittedBlueprint;
import io.weldr.api.blueprint.UnknownBlueprintException;

/**
 * What changes blueprints: {@code blueprints/new}, {@code delete}, {@code workspace}, {@code undo}
 * and {@code tag}. Each answers when its change survives a power cut.
 */
final class BlueprintActions implements HttpService {
  private static final String NO_NAME = "no blueprint name given";

  private final BlueprintStore blueprints;

  BlueprintActions(BlueprintStore blueprints) {
    this.blueprints = blueprints;
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .post("/blueprints/new", this::save)
        .deleteWithout("/blueprints/delete", NO_NAME)
        .delete("/blueprints/delete/{name}", this::delete)
        .post("/blueprints/workspace", this::keep)
        .deleteWithout("/blueprints/workspace", NO_NAME)
        .delete("/blueprints/workspace/{name}", this::drop)
        .postWithout("/blueprints/undo", NO_NAME)
        .postWithout("/blueprints/undo/{name}", "no commit ID given")
        .post("/blueprints/undo/{name}/{commit}", this::undo)
        .postWithout("/blueprints/tag", NO_NAME)
        .post("/blueprints/tag/{name}", this::tag);
  }

  private void save(ServerRequest request, ServerResponse response) {
    BranchName branch = Query.of(request).branch();
    try {
      committed(blueprints.save(branch, BlueprintForms.posted(request)));
    } catch (BlueprintException e) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, e.getMessage());
    }
    Replies.ok(request, response);
  }

  private static void committed(CommittedBlueprint saved) {
    ClientConnection.current().outcome("commit " + saved.commitId());
  }

  private void delete(ServerRequest request, ServerResponse response) {
    BlueprintName name = PathNames.blueprint(request, "name");
    BranchName branch = Query.of(request).branch();
    try {
      blueprints.delete(branch, name);
    } catch (BlueprintException e) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, e.getMessage());
    }
    Replies.ok(request, response);
  }

  private void keep(ServerRequest request, ServerResponse response) {
    BranchName branch = Query.of(request).branch();
    try {
      blueprints.workspace().write(branch, BlueprintForms.posted(request));
    } catch (BlueprintException e) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, e.getMessage());
    }
    Replies.ok(request, response);
  }

  private void drop(ServerRequest request, ServerResponse response) {
    BlueprintName name = PathNames.blueprint(request, "name");
    BranchName branch = Query.of(request).branch();
    if (!blueprints.workspace().delete(branch, name)) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, "Unknown blueprint: " + name);
    }
    Replies.ok(request, response);
  }

  private void undo(ServerRequest request, ServerResponse response) {
    BlueprintName name = PathNames.blueprint(request, "name");
    String commit = PathNames.commit(request, "commit");
    BranchName branch = Query.of(request).branch();
    try {
      committed(blueprints.undo(branch, name, commit));
    } catch (BlueprintException e) {
      throw ApiException.badRequest(ApiError.UNKNOWN_COMMIT, e.getMessage());
    }
    Replies.ok(request, response);
  }

  private void tag(ServerRequest request, ServerResponse response) {
    BlueprintName name = PathNames.blueprint(request, "name");
    BranchName branch = Query.of(request).branch();
    try {
      blueprints.repository().tag(branch, name);
    } catch (UnknownBlueprintException e) {
      throw ApiException.badRequest(ApiError.UNKNOWN_BLUEPRINT, "Unknown blueprint");
    } catch (BlueprintException e) {
      throw ApiException.badRequest(ApiError.BLUEPRINTS_ERROR, e.getMessage());
    }
    Replies.ok(request, response);
  }
}
