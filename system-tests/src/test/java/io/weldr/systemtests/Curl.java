package io.weldr.systemtests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client of the API socket: the curl of the host, as an administrator would use it. */
record Curl(Path socket) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer: HTTP status, or 0 when there was none or not all of it, and the body. */
  record Answer(int status, String body) {
    JsonNode json() {
      return parsed(body);
    }

    /** The message of the first error. */
    String error() {
      return json().at("/errors/0/msg").asText();
    }
  }

  static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }

  Answer get(String path) {
    return ask(path);
  }

  Answer delete(String path) {
    return ask(path, "-X", "DELETE");
  }

  Answer post(String path, String type, String body) {
    return ask(path, "-X", "POST", "-H", "Content-Type: " + type, "--data-binary", body);
  }

  Answer postJson(String path, String body) {
    return post(path, "application/json", body);
  }

  Answer postToml(String path, String body) {
    return post(path, "text/x-toml", body);
  }

  /** Any request; {@code options} are curl's. */
  Answer ask(String path, String... options) {
    List<Object> argv = new ArrayList<>();
    argv.addAll(List.of("curl", "-sS", "--max-time", "120", "--unix-socket", socket));
    argv.addAll(List.of("-w", "\n%{http_code}"));
    argv.addAll(List.of(options));
    argv.add(path.startsWith("http:") ? path : "http://localhost" + path);
    Command curl = Command.run(argv.toArray());
    int cut = curl.output().lastIndexOf('\n');
    String body = curl.output().substring(0, cut);
    return new Answer(
        curl.status() == 0 ? Integer.parseInt(curl.output().substring(cut + 1)) : 0, body);
  }

  /** Starts a compose that must be accepted; its id. */
  String compose(String blueprint, String type, String query) {
    Answer answer =
        postJson(
            "/api/v1/compose" + query,
            "{\"blueprint_name\":\"%s\",\"compose_type\":\"%s\",\"branch\":\"master\"}"
                .formatted(blueprint, type));
    if (answer.status() != 200) {
      throw new AssertionError("compose refused: " + answer);
    }
    return answer.json().get("build_id").asText();
  }

  /** The entry of a compose in compose/status. */
  JsonNode entry(String id) {
    return get("/api/v1/compose/status/" + id).json().at("/uuids/0");
  }
}
