package io.weldr.api.http;

import static io.weldr.api.http.RunningServer.JSON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.compose.ComposeRefusedException;
import io.weldr.api.compose.ComposeRequest;
import io.weldr.api.compose.ComposeState;
import io.weldr.api.compose.Refusal;
import io.weldr.api.compose.TestMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeRoutesTest {
  private static final String BODY =
      "{\"blueprint_name\":\"http-server\",\"compose_type\":\"tar\",\"branch\":\"master\"}";

  /** The tests run as root, and so do their clients. */
  private static final int ROOT = 0;

  @TempDir Path directory;
  private RunningServer server;

  @BeforeEach
  void start() throws IOException {
    server = RunningServer.in(directory);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private UUID add(ComposeState state) {
    return server.composes.add(state, state == ComposeState.FINISHED ? 10 : 0);
  }

  @Test
  void aComposeIsStarted() throws IOException {
    Reply v0 = server.post("/api/v0/compose", JSON, BODY);
    assertEquals(200, v0.status());
    UUID id = server.composes.entries().getFirst().id();
    assertEquals("{\"build_id\":\"%s\",\"status\":true}\n".formatted(id), v0.text());
    Reply v1 = server.post("/api/v1/compose?test=2", JSON, BODY);
    assertEquals("", v1.json().path("upload_id").asText("none"));
    assertEquals(
        List.of(
            new ComposeRequest(
                BlueprintName.of("http-server"), BranchName.MASTER, "tar", TestMode.NONE, 0, ROOT),
            new ComposeRequest(
                BlueprintName.of("http-server"),
                BranchName.MASTER,
                "tar",
                TestMode.FINISH,
                0,
                ROOT)),
        server.composes.requests);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "-1", "0", ""})
  void whatClientsSendBesideIsUnderstood(String test) throws IOException {
    String body =
        "{\"blueprint_name\":\"a\",\"compose_type\":\"tar\",\"branch\":\"\",\"size\":5000000000,"
            + "\"ostree\":{\"ref\":\"\",\"parent\":\"\",\"rhsm\":false},\"upload\":null,\"x\":1}";
    assertEquals(200, server.post("/api/v1/compose?test=" + test, JSON, body).status());
    assertEquals(
        List.of(
            new ComposeRequest(
                BlueprintName.of("a"),
                BranchName.MASTER,
                "tar",
                TestMode.NONE,
                5_000_000_000L,
                ROOT)),
        server.composes.requests);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "null", "5", ""})
  void aPostWithoutContentIsRefused(String body) throws IOException {
    Reply reply = server.post("/api/v0/compose", JSON, body);
    assertEquals(400, reply.status());
    assertEquals("MissingPost: Missing POST body", reply.error(0));
  }

  @Test
  void aPostOfAnotherTypeIsRefused() throws IOException {
    Reply reply = server.post("/api/v0/compose", "Content-Type: text/plain", BODY);
    assertEquals("MissingPost: Missing POST body", reply.error(0));
  }

  @Test
  void unparsableJsonIsABadRequest() throws IOException {
    Reply reply = server.post("/api/v1/compose", JSON, "{\"blueprint_name\":");
    assertEquals(400, reply.status());
    assertEquals(
        "{\"errors\":[{\"code\":400,\"id\":\"HTTPError\",\"msg\":\"Bad Request\"}],"
            + "\"status\":false}\n",
        reply.text());
    assertEquals(400, server.post("/api/v1/compose", JSON, "[".repeat(100_000)).status());
    assertEquals(400, server.post("/api/v1/compose", JSON, BODY + BODY).status());
  }

  @Test
  void everythingWrongWithABodyIsReported() throws IOException {
    Reply reply = server.post("/api/v1/compose", JSON, "{\"size\":-1,\"branch\":\"..\"}");
    assertEquals(400, reply.status());
    assertEquals("UnknownBlueprint: No 'blueprint_name' in the JSON request", reply.error(0));
    assertEquals("BadComposeType: No 'compose_type' in the JSON request", reply.error(1));
    assertEquals("InvalidChars: Invalid characters in branch argument", reply.error(2));
    assertEquals("ComposeError: 'size' must be a whole number of bytes, 0 or more", reply.error(3));
    assertEquals(4, reply.json().path("errors").size());
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"blueprint_name\":\"a b\",\"compose_type\":\"tar\"}',"
        + "InvalidChars: Invalid characters in API path",
    "'{\"blueprint_name\":\"..\",\"compose_type\":\"tar\"}',"
        + "InvalidChars: Invalid characters in API path",
    "'{\"blueprint_name\":7,\"compose_type\":\"tar\"}',"
        + "UnknownBlueprint: 'blueprint_name' must be a string",
    "'{\"blueprint_name\":\"a\",\"compose_type\":\"tar\",\"ostree\":{\"ref\":\"x\"}}',"
        + "ComposeError: 'ostree' is not supported by this server",
    "'{\"blueprint_name\":\"a\",\"compose_type\":\"tar\",\"upload\":{}}',"
        + "UploadError: Uploads are not supported by this server",
  })
  void badFieldsAreRefused(String body, String error) throws IOException {
    Reply reply = server.post("/api/v1/compose", JSON, body);
    assertEquals(400, reply.status());
    assertEquals(error, reply.error(0));
    assertEquals(1, reply.json().path("errors").size());
    assertTrue(server.composes.requests.isEmpty());
  }

  @Test
  void refusalsOfThePlannerAreGivenInOrder() throws IOException {
    server.composes.refuseWith(
        new ComposeRefusedException(
            List.of(
                new Refusal("UnknownBlueprint", "Unknown blueprint name: nope"),
                new Refusal(
                    "BadComposeType", "Invalid compose type (snakes), must be one of []"))));
    Reply reply = server.post("/api/v1/compose", JSON, BODY);
    assertEquals(400, reply.status());
    assertEquals("UnknownBlueprint: Unknown blueprint name: nope", reply.error(0));
    assertTrue(reply.error(1).startsWith("BadComposeType: Invalid compose type (snakes)"));
  }

  @Test
  void typesSayWhetherTheyAreEnabled() throws IOException {
    assertEquals(
        "{\"types\":[{\"enabled\":false,\"name\":\"elsewhere\"},"
            + "{\"enabled\":true,\"name\":\"tar\"}]}\n",
        server.get("/api/v1/compose/types").text());
  }

  @Test
  void aWaitingEntryHasNullTimesAndOnlyVersion1HasUploads() throws IOException {
    UUID id = add(ComposeState.WAITING);
    String v0 = server.get("/api/v0/compose/queue").text();
    assertEquals(
        ("{\"new\":[{\"blueprint\":\"http-server\",\"compose_type\":\"tar\",\"id\":\"%s\","
                + "\"image_size\":0,\"job_created\":1795391957.123,\"job_finished\":null,"
                + "\"job_started\":null,\"queue_status\":\"WAITING\",\"version\":\"0.0.1\"}],"
                + "\"run\":[]}\n")
            .formatted(id),
        v0);
    JsonNode v1 = server.get("/api/v1/compose/queue").json();
    assertTrue(v1.at("/new/0/uploads").isArray());
  }

  @Test
  void listsAreByState() throws IOException {
    for (ComposeState state : ComposeState.values()) {
      add(state);
      add(state);
    }
    JsonNode queue = server.get("/api/v1/compose/queue").json();
    assertEquals(2, queue.path("new").size());
    assertEquals("RUNNING", queue.at("/run/1/queue_status").asText());
    assertEquals("{\"percent\":40,\"stage\":\"install\"}", queue.at("/run/0/progress").toString());
    JsonNode finished = server.get("/api/v1/compose/finished").json();
    assertEquals(10, finished.at("/finished/1/image_size").asInt());
    assertEquals(12.345, finished.at("/finished/0/stages/0/seconds").asDouble());
    JsonNode failed = server.get("/api/v1/compose/failed").json();
    assertEquals(2, failed.path("failed").size());
    assertEquals(
        "{\"code\":\"NO_SPACE\",\"hint\":\"Free 2 GiB.\",\"msg\":\"No space is left.\","
            + "\"stage\":\"image\"}",
        failed.at("/failed/0/error").toString());
  }

  @Test
  void statusKeepsTheOrderOfTheRequestAndReportsUnknownIds() throws IOException {
    UUID first = add(ComposeState.FAILED);
    UUID second = add(ComposeState.WAITING);
    Reply reply =
        server.get(
            "/api/v1/compose/status/%s,nope,%s"
                .formatted(second.toString().toUpperCase(Locale.ROOT), first));
    assertEquals(200, reply.status());
    assertEquals(second.toString(), reply.json().at("/uuids/0/id").asText());
    assertEquals(first.toString(), reply.json().at("/uuids/1/id").asText());
    assertEquals("UnknownUUID: nope is not a valid build uuid", reply.error(0));
  }

  @Test
  void theStarMeansAllWaitingFirst() throws IOException {
    add(ComposeState.FINISHED);
    add(ComposeState.RUNNING);
    add(ComposeState.WAITING);
    add(ComposeState.FAILED);
    JsonNode all = server.get("/api/v0/compose/status/*").json();
    List<String> states = all.path("uuids").findValuesAsText("queue_status");
    assertEquals(List.of("WAITING", "RUNNING", "FINISHED", "FAILED"), states);
    assertEquals(0, all.path("errors").size());
    assertEquals(
        "UnknownUUID: * is not a valid build uuid",
        server.get("/api/v0/compose/status/*,*").error(0));
  }

  @ParameterizedTest
  @CsvSource({
    "blueprint=http-server,2",
    "blueprint=other,0",
    "status=FAILED,1",
    "type=tar&status=WAITING,1",
    "type=qcow2,0",
  })
  void statusIsFiltered(String query, int count) throws IOException {
    add(ComposeState.FAILED);
    add(ComposeState.WAITING);
    assertEquals(
        count, server.get("/api/v1/compose/status/*?" + query).json().path("uuids").size());
  }

  @Test
  void onlyVersion0ChecksTheCharactersOfFilters() throws IOException {
    add(ComposeState.FAILED);
    Reply v0 = server.get("/api/v0/compose/status/*?type=a%20b");
    assertEquals("InvalidChars: Invalid characters in API path", v0.error(0));
    assertEquals(200, server.get("/api/v1/compose/status/*?type=a%20b").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"status/a%20b", "info/a%20b", "log/%0A", "image/%C3%A4"})
  void charactersOfIdsAreChecked(String path) throws IOException {
    Reply reply = server.get("/api/v1/compose/" + path);
    assertEquals(400, reply.status());
    assertEquals("InvalidChars: Invalid characters in API path", reply.error(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "log", "image"})
  void unknownIdsAreRefused(String route) throws IOException {
    String id = UUID.randomUUID().toString();
    for (String asked : List.of(id, "nope")) {
      Reply reply = server.get("/api/v1/compose/" + route + "/" + asked);
      assertEquals(400, reply.status());
      assertEquals("UnknownUUID: %s is not a valid build uuid".formatted(asked), reply.error(0));
    }
  }

  @Test
  void waitingAndRunningComposesAreCancelled() throws IOException {
    UUID id = add(ComposeState.RUNNING);
    Reply reply = server.delete("/api/v1/compose/cancel/" + id.toString().toUpperCase(Locale.ROOT));
    assertEquals("{\"status\":true,\"uuid\":\"%s\"}\n".formatted(id), reply.text());
    Reply again = server.delete("/api/v1/compose/cancel/" + id);
    assertEquals(400, again.status());
    assertEquals("UnknownUUID: %s is not a valid build uuid".formatted(id), again.error(0));
  }

  @Test
  void anEndedComposeIsNotCancelled() throws IOException {
    UUID id = add(ComposeState.FINISHED);
    Reply reply = server.delete("/api/v0/compose/cancel/" + id);
    assertEquals(400, reply.status());
    assertFalse(reply.json().path("status").asBoolean(true));
    assertEquals(
        "BuildInWrongState: Build %s is not in WAITING or RUNNING.".formatted(id), reply.error(0));
  }

  @Test
  void deleteAnswersForEachId() throws IOException {
    UUID finished = add(ComposeState.FINISHED);
    UUID waiting = add(ComposeState.WAITING);
    Reply reply = server.delete("/api/v1/compose/delete/%s,nope,%s".formatted(finished, waiting));
    assertEquals(200, reply.status());
    assertEquals(
        "[{\"status\":true,\"uuid\":\"%s\"}]".formatted(finished),
        reply.json().path("uuids").toString());
    assertEquals("UnknownUUID: nope is not a valid build uuid", reply.error(0));
    assertEquals(
        "BuildInWrongState: Build %s is not in FINISHED or FAILED.".formatted(waiting),
        reply.error(1));
    assertTrue(server.composes.find(finished).isEmpty());
    assertTrue(server.composes.find(waiting).isPresent());
  }
}
