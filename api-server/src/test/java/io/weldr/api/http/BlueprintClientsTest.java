package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at once, and a server that was stopped and started again. */
class BlueprintClientsTest {
  private static final int CLIENTS = 64;
  private static final int POSTS = 8;

  @TempDir Path directory;

  private static String blueprint(String name, String description) {
    return "{\"name\":\"%s\",\"description\":\"%s\"}".formatted(name, description);
  }

  private static void post(RunningServer server, String route, String body) throws IOException {
    Reply reply = server.post("/api/v1/blueprints/" + route, RunningServer.JSON, body);
    assertEquals("{\"status\":true}\n", reply.text());
  }

  @Test
  void nothingThatManyClientsPostAtOnceIsLost() throws Exception {
    try (RunningServer server = RunningServer.in(directory)) {
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> posted = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          int client = i;
          posted.add(
              clients.submit(
                  () -> {
                    for (int n = 0; n < POSTS; n++) {
                      String text = client + "/" + n;
                      post(server, "new", blueprint("shared", text));
                      post(server, "new", blueprint("own-" + client, text));
                      post(server, "workspace", blueprint("own-" + client, "edited " + text));
                    }
                    return null;
                  }));
        }
        for (Future<?> each : posted) {
          each.get();
        }
      }
      assertEquals(versions("shared", CLIENTS * POSTS), saved(server, "shared"));
      for (int i = 0; i < CLIENTS; i++) {
        String name = "own-" + i;
        assertEquals(versions(name, POSTS), saved(server, name));
        JsonNode info = server.get("/api/v1/blueprints/info/" + name).json();
        assertEquals(
            "edited " + i + "/" + (POSTS - 1), info.at("/blueprints/0/description").asText());
        assertEquals("true", info.at("/changes/0/changed").asText());
      }
    }
  }

  /** The messages of the first so many commits. */
  private static Set<String> versions(String name, int count) {
    Set<String> messages = new TreeSet<>();
    for (int n = 1; n <= count; n++) {
      messages.add("Recipe " + name + ", version 0.0." + n + " saved.");
    }
    return messages;
  }

  private static Set<String> saved(RunningServer server, String name) throws IOException {
    JsonNode history =
        server.get("/api/v1/blueprints/changes/" + name + "?limit=1000").json().at("/blueprints/0");
    Set<String> messages = new TreeSet<>();
    history.path("changes").forEach(change -> messages.add(change.path("message").asText()));
    assertEquals(history.path("total").asInt(), messages.size(), "a version is there twice");
    return messages;
  }

  @Test
  void aRestartKeepsEverything() throws Exception {
    List<String> questions =
        List.of(
            "list",
            "list?branch=other",
            "info/a,b,draft",
            "info/a?branch=other",
            "changes/a,b,gone",
            "diff/a/NEWEST/WORKSPACE");
    List<String> before = new ArrayList<>();
    try (RunningServer server = RunningServer.in(directory)) {
      post(server, "new", blueprint("a", "one"));
      post(server, "tag/a", "");
      post(server, "new", blueprint("a", "two"));
      post(server, "new", blueprint("b", "one"));
      post(server, "new?branch=other", blueprint("a", "of the other branch"));
      post(server, "new", blueprint("gone", "one"));
      server.delete("/api/v1/blueprints/delete/gone");
      post(server, "workspace", blueprint("a", "edited"));
      post(server, "workspace", blueprint("draft", "only here"));
      post(server, "workspace", blueprint("b", "edited, then dropped"));
      server.delete("/api/v1/blueprints/workspace/b");
      for (String question : questions) {
        before.add(server.get("/api/v1/blueprints/" + question).text());
      }
    }
    try (RunningServer server = RunningServer.in(directory)) {
      List<String> after = new ArrayList<>();
      for (String question : questions) {
        after.add(server.get("/api/v1/blueprints/" + question).text());
      }
      assertEquals(before, after);
    }
  }
}
