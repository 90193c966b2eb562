package io.weldr.api.http;

import static io.weldr.api.http.RunningServer.JSON;
import static io.weldr.api.http.RunningServer.TOML;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weldr.api.depsolve.TinyArchive;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code freeze} gives is posted again and asks for the same packages, solved by apt. */
class FreezeRoundTripTest {
  @TempDir static Path directory;
  private static TinyArchive archive;
  private static PackagesServer server;

  @BeforeAll
  static void start() throws Exception {
    archive = new TinyArchive(directory);
    server = new PackagesServer(directory, List.of(archive.source()));
  }

  @AfterAll
  static void stop() {
    server.close();
    archive.close();
  }

  /** Package lists of blueprints: names, globs, versions, modules and groups. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"packages\":[{\"name\":\"tool\"}]",
        "\"packages\":[{\"name\":\"tool\",\"version\":\"1.*\"}]",
        "\"packages\":[{\"name\":\"tool-*\"},{\"name\":\"first\"}]",
        "\"packages\":[{\"name\":\"*\"}]",
        "\"packages\":[{\"name\":\"tool\"}],\"modules\":[{\"name\":\"tool\"},{\"name\":\"libt*\"}]",
        "\"modules\":[{\"name\":\"libtiny\",\"version\":\"2:*\"}]",
        "\"groups\":[{\"name\":\"server\"},{\"name\":\"meta\"}]",
        "\"packages\":[{\"name\":\"either\"},{\"name\":\"mailer-?\"}],\"groups\":[{\"name\":\"meta\"}]",
        "\"packages\":[]"
      })
  void aFrozenBlueprintAsksForTheSamePackages(String lists) throws Exception {
    String body = "{\"name\":\"a\",\"description\":\"\",\"version\":\"1.0.0\"," + lists + "}";
    post(JSON, body);
    JsonNode dependencies = dependencies();
    JsonNode frozen = frozen();
    for (JsonNode entry : frozen.path("packages")) {
      assertFalse(entry.path("version").asText().contains("*"), frozen.toString());
    }

    post(TOML, server.http.get("/api/v1/blueprints/freeze/a?format=toml").text());
    assertEquals(dependencies, dependencies());
    assertEquals(withoutVersion(frozen), withoutVersion(frozen()));

    post(JSON, frozen.toString());
    assertEquals(dependencies, dependencies());
    assertEquals(withoutVersion(frozen), withoutVersion(frozen()));
  }

  private static void post(String type, String body) throws Exception {
    assertEquals(
        "{\"status\":true}\n", server.http.post("/api/v1/blueprints/new", type, body).text());
  }

  private static JsonNode dependencies() throws Exception {
    JsonNode reply = server.http.get("/api/v0/blueprints/depsolve/a").json();
    assertEquals("[]", reply.path("errors").toString());
    return reply.at("/blueprints/0/dependencies");
  }

  private static JsonNode frozen() throws Exception {
    JsonNode reply = server.http.get("/api/v1/blueprints/freeze/a").json();
    assertEquals("[]", reply.path("errors").toString());
    return reply.at("/blueprints/0/blueprint");
  }

  private static JsonNode withoutVersion(JsonNode blueprint) {
    ObjectNode copy = blueprint.deepCopy();
    copy.remove("version");
    return copy;
  }
}
