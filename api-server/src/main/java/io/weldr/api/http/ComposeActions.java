package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.compose.ComposeException;
import io.weldr.api.compose.ComposeFailureException;
import io.weldr.api.compose.ComposeRefusedException;
import io.weldr.api.compose.Composes;
import io.weldr.api.compose.StartedCompose;
import io.weldr.api.compose.UnknownComposeException;
import io.weldr.api.compose.WrongStateException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code POST compose}, {@code compose/cancel} and {@code compose/delete}. */
final class ComposeActions implements HttpService {
  private final ApiVersion version;
  private final Composes composes;
  private final PackageAccess packages;

  ComposeActions(ApiVersion version, Composes composes, PackageAccess packages) {
    this.version = version;
    this.composes = composes;
    this.packages = packages;
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .post("/compose", this::start)
        .deleteWithout("/compose/cancel", "no UUID given")
        .delete("/compose/cancel/{id}", this::cancel)
        .deleteWithout("/compose/delete", "no UUIDs given")
        .delete("/compose/delete/{ids}", this::delete);
  }

  private void start(ServerRequest request, ServerResponse response) {
    packages.checkDistro(Query.of(request));
    try {
      StartedCompose started = composes.start(ComposeRequests.read(version, request));
      ClientConnection.current().outcome("compose " + started.id());
      Replies.json(request, response, reply(started));
    } catch (ComposeRefusedException e) {
      throw ApiException.badRequest(
          e.refusals().stream()
              .map(refusal -> new ApiError(refusal.id(), refusal.message()))
              .toList());
    }
  }

  /** Version 0 is exactly that of lorax-composer as long as there is nothing to warn of. */
  private Map<String, Object> reply(StartedCompose started) {
    Map<String, Object> reply = new HashMap<>();
    reply.put("status", true);
    reply.put("build_id", started.id().toString());
    if (version == ApiVersion.V1) {
      reply.put("upload_id", "");
    }
    if (version == ApiVersion.V1 || !started.warnings().isEmpty()) {
      reply.put("warnings", started.warnings());
    }
    return reply;
  }

  private void cancel(ServerRequest request, ServerResponse response) {
    UUID id = PathNames.compose(request, "id");
    try {
      composes.cancel(id);
      Replies.json(request, response, Map.of("status", true, "uuid", id.toString()));
    } catch (ComposeException e) {
      throw ApiException.badRequest(List.of(error(id.toString(), e)));
    }
  }

  private void delete(ServerRequest request, ServerResponse response) {
    List<Map<String, Object>> deleted = new ArrayList<>();
    List<ApiError> errors = new ArrayList<>();
    for (String id : PathNames.ids(request, "ids")) {
      Optional<ApiError> error = delete(id);
      if (error.isEmpty()) {
        deleted.add(Map.of("uuid", id, "status", true));
      } else {
        errors.add(error.get());
      }
    }
    ClientConnection.current()
        .outcome("%d deleted, %d refused".formatted(deleted.size(), errors.size()));
    Replies.json(request, response, Map.of("uuids", deleted, "errors", Replies.errors(errors)));
  }

  private Optional<ApiError> delete(String text) {
    Optional<UUID> id = PathNames.uuid(text);
    if (id.isEmpty()) {
      return ComposeJson.unknown(text, false);
    }
    try {
      composes.delete(id.get());
      return Optional.empty();
    } catch (ComposeException e) {
      return Optional.of(error(text, e));
    }
  }

  private static ApiError error(String id, ComposeException e) {
    return switch (e) {
      case UnknownComposeException unknown ->
          new ApiError(ApiError.UNKNOWN_UUID, unknown.getMessage());
      case WrongStateException wrong ->
          new ApiError(ApiError.BUILD_IN_WRONG_STATE, wrong.getMessage());
      case ComposeFailureException failure ->
          new ApiError(ApiError.COMPOSE_ERROR, id + ": " + failure.getMessage());
    };
  }
}
