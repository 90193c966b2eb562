package io.weldr.api.http;

import static io.weldr.api.http.RunningServer.JSON;
import static io.weldr.api.http.RunningServer.TOML;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlueprintRoutesTest {
  private static final String OK = "{\"status\":true}\n";

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

  private static String toml(String name, String version) {
    return """
        name = "%s"
        description = "An example"
        version = "%s"
        [[packages]]
        name = "bash"
        version = "*"
        """
        .formatted(name, version);
  }

  private void push(String... names) throws IOException {
    for (String name : names) {
      assertEquals(OK, server.post("/api/v0/blueprints/new", TOML, toml(name, "0.0.1")).text());
    }
  }

  @Test
  void aPushedBlueprintIsListedAndShown() throws IOException {
    push("b", "a");
    Reply list = server.get("/api/v0/blueprints/list");
    assertEquals(
        "{\"blueprints\":[\"a\",\"b\"],\"limit\":20,\"offset\":0,\"total\":2}\n", list.text());
    JsonNode info = server.get("/api/v1/blueprints/info/a").json();
    JsonNode blueprint = info.path("blueprints").path(0);
    assertEquals("0.0.1", blueprint.path("version").asText());
    assertEquals("bash", blueprint.path("packages").path(0).path("name").asText());
    assertTrue(blueprint.path("modules").isArray());
    assertTrue(blueprint.path("groups").isArray());
    assertEquals("{\"changed\":false,\"name\":\"a\"}", info.path("changes").path(0).toString());
    assertEquals(0, info.path("errors").size());
  }

  @Test
  void theSameVersionPushedTwiceIsBumped() throws IOException {
    push("a", "a");
    assertEquals(
        "0.0.2",
        server.get("/api/v0/blueprints/info/a").json().at("/blueprints/0/version").asText());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json", "application/json; charset=utf-8", "application/x+json"})
  void jsonIsTakenUnderEveryMediaTypeOfJson(String type) throws IOException {
    String body = "{\"name\":\"a\",\"description\":\"d\",\"packages\":[{\"name\":\"bash\"}]}";
    Reply reply = server.post("/api/v1/blueprints/new", "Content-Type: " + type, body);
    assertEquals(OK, reply.text());
    assertEquals(
        "*",
        server
            .get("/api/v1/blueprints/info/a")
            .json()
            .at("/blueprints/0/packages/0/version")
            .asText());
  }

  @Test
  void tomlIsTakenWithParametersOnItsType() throws IOException {
    Reply reply =
        server.post("/api/v0/blueprints/new", TOML + "; charset=utf-8", toml("a", "1.0.0"));
    assertEquals(OK, reply.text());
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,0,20,'[]'",
    "limit=1,1,1,'[\"a\"]'",
    "limit=2&offset=2,2,2,'[\"c\"]'",
    "offset=9,20,20,'[]'",
    "limit=%201_0,10,10,'[\"a\",\"b\",\"c\"]'",
  })
  void listsAreGivenInParts(String query, int limit, int ignored, String names) throws IOException {
    push("a", "b", "c");
    JsonNode list = server.get("/api/v0/blueprints/list?" + query).json();
    assertEquals(names, list.path("blueprints").toString());
    assertEquals(limit, list.path("limit").asInt());
    assertEquals(3, list.path("total").asInt());
  }

  @ParameterizedTest
  @CsvSource({
    "limit=a,invalid literal for int() with base 10: 'a'",
    "offset=,invalid literal for int() with base 10: ''",
    "limit=-1,limit must not be negative: -1",
  })
  void badLimitsAndOffsetsAreRefused(String query, String message) throws IOException {
    Reply reply = server.get("/api/v0/blueprints/list?" + query);
    assertEquals(400, reply.status());
    assertEquals("BadLimitOrOffset: " + message, reply.error(0));
  }

  @ParameterizedTest
  @CsvSource({
    "info/%EF%BD%97?branch=%EF%BD%97,Invalid characters in API path",
    "info/a%20b,Invalid characters in API path",
    "info/a%0A,Invalid characters in API path",
    "'info/a,,b',Invalid characters in API path",
    "info/a;b,Invalid characters in API path",
    "info/a*,Invalid characters in API path",
    "info/.x,Invalid characters in API path",
    "info/a%252Cb,Invalid characters in API path",
    "info/a?branch=%EF%BD%97&format=%EF%BD%97,Invalid characters in branch argument",
    "info/a?branch=,Invalid characters in branch argument",
    "info/a?branch=..,Invalid characters in branch argument",
    "info/a?branch=master%0A,Invalid characters in branch argument",
    "info/a?format=%EF%BD%97,Invalid characters in format argument",
    "info/a?format=,Invalid characters in format argument",
    "list?branch=%EF%BD%97&limit=x,Invalid characters in branch argument",
  })
  void charactersAreCheckedInOrder(String path, String message) throws IOException {
    Reply reply = server.get("/api/v0/blueprints/" + path);
    assertEquals(400, reply.status());
    assertEquals("InvalidChars: " + message, reply.error(0));
    assertEquals(1, reply.json().path("errors").size());
  }

  @Test
  void namesAreSplitAfterDecodingAndUnknownOnesAreErrorsInA200() throws IOException {
    push("b", "A");
    Reply reply = server.get("/api/v0/blueprints/info/b%2Cmissing,A");
    assertEquals(200, reply.status());
    assertEquals("A", reply.json().at("/blueprints/0/name").asText());
    assertEquals("b", reply.json().at("/blueprints/1/name").asText());
    assertEquals("b", reply.json().at("/changes/1/name").asText());
    assertEquals("UnknownBlueprint: missing: ", reply.error(0));
    assertTrue(reply.json().path("status").isMissingNode());
  }

  @Test
  void infoOfAnUnknownBranchIsAnErrorInA200() throws IOException {
    push("a");
    Reply reply = server.get("/api/v0/blueprints/info/a?branch=nowhere");
    assertEquals(200, reply.status());
    assertEquals("UnknownBlueprint: a: Unknown branch: nowhere", reply.error(0));
  }

  @Test
  void listOfAnUnknownBranchIsRefused() throws IOException {
    Reply reply = server.get("/api/v0/blueprints/list?branch=nowhere");
    assertEquals(400, reply.status());
    assertEquals("BlueprintsError: Unknown branch: nowhere", reply.error(0));
  }

  @Test
  void infoAsTomlCanBePushedAgain() throws IOException {
    push("a");
    Reply reply = server.get("/api/v0/blueprints/info/a?format=toml");
    assertEquals("text/x-toml; charset=utf-8", reply.header("Content-Type"));
    assertEquals(OK, server.post("/api/v0/blueprints/new", TOML, reply.text()).text());
  }

  @Test
  void infoAsTomlFailsAsAWhole() throws IOException {
    push("a");
    Reply reply = server.get("/api/v0/blueprints/info/a,missing?format=toml");
    assertEquals(400, reply.status());
    assertEquals(
        "{\"errors\":[{\"id\":\"UnknownBlueprint\",\"msg\":\"missing: \"}],\"status\":false}\n",
        reply.text());
  }

  @Test
  void anyOtherFormatMeansJson() throws IOException {
    push("a");
    Reply reply = server.get("/api/v0/blueprints/info/a?format=yaml");
    assertEquals("a", reply.json().at("/blueprints/0/name").asText());
  }

  @Test
  void aBadNameInTheBodyIsReportedAfterTheRest() throws IOException {
    Reply name = server.post("/api/v0/blueprints/new", TOML, toml("x y", "0.0.1"));
    assertEquals(400, name.status());
    assertEquals("InvalidChars: Invalid characters in API path", name.error(0));
    Reply both = server.post("/api/v0/blueprints/new", TOML, "name = 'x y'\n");
    assertEquals("BlueprintsError: Missing 'description'", both.error(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name = ",
        "description = 'no name'",
        "name = 'a'\ndescription = 'd'\nversion='x'"
      })
  void badBlueprintsAreExplained(String body) throws IOException {
    Reply reply = server.post("/api/v0/blueprints/new", TOML, body);
    assertEquals(400, reply.status());
    assertTrue(reply.error(0).startsWith("BlueprintsError: "), reply.text());
    assertTrue(reply.error(0).length() > 25, reply.text());
  }

  @Test
  void theMediaTypeMustBeGivenAndKnown() throws IOException {
    Reply absent = server.post("/api/v0/blueprints/new", toml("a", "0.0.1"));
    assertEquals(400, absent.status());
    assertTrue(absent.error(0).contains("Content-Type header is missing"), absent.text());
    Reply other =
        server.post("/api/v0/blueprints/new", "Content-Type: text/plain", toml("a", "0.0.1"));
    assertEquals(400, other.status());
    assertTrue(other.error(0).startsWith("BlueprintsError: "), other.text());
  }

  @Test
  void getAndDeleteMayCarryAContentType() throws IOException {
    push("a");
    assertEquals(200, server.get("/api/v1/blueprints/info/a", JSON).status());
    assertEquals(
        OK, RawClient.ask(server.socket, "DELETE", "/api/v1/blueprints/delete/a", JSON).text());
  }

  @Test
  void aDeletedBlueprintIsGoneAndCannotBeDeletedAgain() throws IOException {
    push("a", "b");
    assertEquals(OK, server.delete("/api/v0/blueprints/delete/a").text());
    assertEquals(
        List.of("b"),
        List.of(server.get("/api/v0/blueprints/list").json().at("/blueprints/0").asText()));
    Reply again = server.delete("/api/v0/blueprints/delete/a");
    assertEquals(400, again.status());
    assertEquals("BlueprintsError: Unknown blueprint: a", again.error(0));
  }

  @Test
  void branchesAreKeptApart() throws IOException {
    push("a");
    assertEquals(
        OK, server.post("/api/v0/blueprints/new?branch=other", TOML, toml("b", "0.0.1")).text());
    assertEquals(
        "[\"a\",\"b\"]",
        server.get("/api/v0/blueprints/list?branch=other").json().path("blueprints").toString());
    assertEquals(
        "[\"a\"]", server.get("/api/v0/blueprints/list").json().path("blueprints").toString());
  }
}
