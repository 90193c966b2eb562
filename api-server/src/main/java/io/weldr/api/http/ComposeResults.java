package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.blueprint.BlueprintJson;
import io.weldr.api.compose.ComposeEntry;
import io.weldr.api.compose.ComposeFailureException;
import io.weldr.api.compose.ComposeState;
import io.weldr.api.compose.Composes;
import io.weldr.api.compose.ResultFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code compose/info} and {@code log}: what is known of one compose. */
final class ComposeResults implements HttpService {
  private static final String DEFAULT_LOG_KIB = "1024";

  private final ApiVersion version;
  private final Composes composes;
  private final ResultFiles results;

  ComposeResults(ApiVersion version, Composes composes, ResultFiles results) {
    this.version = version;
    this.composes = composes;
    this.results = results;
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .getWithout("/compose/info", "no UUID given")
        .get("/compose/info/{id}", this::info)
        .getWithout("/compose/log", "no UUID given")
        .get("/compose/log/{id}", this::log);
  }

  private void info(ServerRequest request, ServerResponse response) {
    ComposeEntry entry = PathNames.compose(request, composes);
    try {
      Replies.json(request, response, HeavyWork.inTurn(() -> info(entry)));
    } catch (ComposeFailureException e) {
      throw ApiException.badRequest(ApiError.COMPOSE_ERROR, e.getMessage());
    }
  }

  private Map<String, Object> info(ComposeEntry entry) throws ComposeFailureException {
    UUID id = entry.id();
    Map<String, Object> json = new HashMap<>();
    json.put("id", id.toString());
    // The Go client of version 1 cannot read an object here.
    json.put("config", version == ApiVersion.V0 ? results.config(id) : "");
    json.put("blueprint", BlueprintJson.tree(results.frozenBlueprint(id)));
    json.put("commit", results.commit(id));
    List<Map<String, Object>> packages =
        results.dependencies(id).stream().map(ComposeJson::dependency).toList();
    json.put("deps", Map.of("packages", packages));
    json.put("compose_type", entry.type());
    json.put("queue_status", entry.state().name());
    json.put("image_size", entry.imageSize());
    ComposeJson.extras(version, entry, json);
    return json;
  }

  private void log(ServerRequest request, ServerResponse response) {
    ComposeEntry entry = PathNames.compose(request, composes);
    int kibibytes = size(request);
    if (entry.state() == ComposeState.WAITING) {
      String message = "Build %s has not started yet. No logs to view".formatted(entry.id());
      ApiError error = new ApiError(ApiError.BUILD_IN_WRONG_STATE, message);
      Replies.json(
          request, response, Map.of("status", false, "errors", Replies.errors(List.of(error))));
      return;
    }
    Optional<FileChannel> file = results.logFile(entry.id());
    if (file.isEmpty() && entry.state() == ComposeState.RUNNING) {
      // It has just been started and has not said anything yet.
      Replies.text(request, response, "text/plain", "");
      return;
    }
    if (file.isEmpty()) {
      throw ApiException.badRequest(ApiError.COMPOSE_ERROR, "No log available.");
    }
    try (FileChannel log = file.get()) {
      LogTail.of(log, kibibytes).send(request, response);
    } catch (IOException e) {
      throw ApiException.badRequest(ApiError.COMPOSE_ERROR, "No log available.");
    }
  }

  private static int size(ServerRequest request) {
    try {
      int kibibytes = QueryIntegers.parse(Query.of(request).value("size").orElse(DEFAULT_LOG_KIB));
      if (kibibytes < 0) {
        throw ApiException.badRequest(
            ApiError.COMPOSE_ERROR, "size must not be negative: " + kibibytes);
      }
      return kibibytes;
    } catch (QueryIntegers.NotAnInteger e) {
      throw ApiException.badRequest(ApiError.COMPOSE_ERROR, e.getMessage());
    }
  }
}
