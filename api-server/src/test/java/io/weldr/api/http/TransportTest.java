package io.weldr.api.http;

import static io.weldr.api.http.RawClient.ask;
import static io.weldr.api.http.RawClient.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransportTest {
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

  @Test
  void statusHasItsSevenKeys() throws IOException {
    Reply reply = server.get("/api/status");
    assertEquals(200, reply.status());
    assertEquals("application/json", reply.header("Content-Type"));
    assertEquals(
        "{\"api\":\"1\",\"backend\":\"weldr-composer\",\"build\":\"0.1.0\",\"db_supported\":true,"
            + "\"db_version\":\"0\",\"msgs\":[\"a message\"],\"schema_version\":\"0\"}\n",
        reply.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api",
        "/api/",
        "/api/status/",
        "/api/v0/status",
        "/api/v2/blueprints/list",
        "/api/v0/blueprints/list/",
        "/api/v0/blueprints/info/",
        "/api/v0/blueprints/info/a%2Fb",
        "/api/v0/blueprints/changes/a/b",
        "/api/v0/blueprints/change/a/0000000000000000000000000000000000000000",
        "/api/v1/projects/list/",
        "/api/v1/modules/list/",
        "/api/v0/projects/source/info/",
        "/api/v0/upload/providers",
        "/v0/blueprints/list",
        "/status"
      })
  void unknownPathsAreNotFoundInJson(String path) throws IOException {
    Reply reply = server.get(path);
    assertEquals(404, reply.status());
    assertEquals(
        "{\"errors\":[{\"code\":404,\"id\":\"HTTPError\",\"msg\":\"Not Found\"}],"
            + "\"status\":false}\n",
        reply.text());
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/api/v0/blueprints/list,'GET, HEAD'",
    "GET,/api/v1/blueprints/new,POST",
    "GET,/api/v1/compose,POST",
    "GET,/api/v0/projects/source/new,POST",
    "GET,/api/v1/projects/source/delete/x,DELETE",
    "POST,/api/v1/modules/list/x,'GET, HEAD'",
    "POST,/api/v0/compose/delete/x,DELETE",
    "OPTIONS,/api/status,'GET, HEAD'",
    "BREW,/api/status,'GET, HEAD'",
  })
  void wrongMethodsAreToldTheRightOne(String method, String path, String allowed)
      throws IOException {
    Reply reply = ask(server.socket, method, path);
    assertEquals(405, reply.status());
    assertEquals(allowed, reply.header("Allow"));
    assertEquals(
        "{\"errors\":[{\"code\":405,\"id\":\"HTTPError\",\"msg\":\"Method Not Allowed\"}],"
            + "\"status\":false}\n",
        reply.text());
  }

  @ParameterizedTest
  @CsvSource({
    "GET,blueprints/info,no blueprint names given",
    "DELETE,blueprints/delete,no blueprint name given",
    "GET,compose/status,no UUIDs given",
    "DELETE,compose/delete,no UUIDs given",
    "DELETE,compose/cancel,no UUID given",
    "GET,compose/info,no UUID given",
    "GET,compose/image,no UUID given",
    "GET,compose/log,no UUID given",
    "GET,projects/info,no project names given",
    "GET,projects/depsolve,no project names given",
    "GET,projects/source/info,no source names given",
    "DELETE,projects/source/delete,no source name given",
    "GET,modules/info,no module names given",
  })
  void routesWithoutTheirArgumentSayWhatIsMissing(String method, String route, String message)
      throws IOException {
    for (String version : Set.of("v0", "v1")) {
      Reply reply = ask(server.socket, method, "/api/" + version + "/" + route);
      assertEquals(400, reply.status());
      assertEquals("HTTPError: " + message, reply.error(0));
    }
  }

  @Test
  void headHasTheHeadersOfGetAndNoBody() throws IOException {
    Reply get = server.get("/api/status");
    try (RawClient client = new RawClient(server.socket)) {
      client.send(request("HEAD", "/api/status"));
      Reply head = client.reply(true);
      assertEquals(200, head.status());
      assertEquals(get.header("Content-Length"), head.header("Content-Length"));
      client.send(request("GET", "/api/status"));
      assertEquals(get.text(), client.reply().text());
    }
  }

  @Test
  void oneConnectionServesManyRequestsAlsoWhenTheyComeAtOnce() throws IOException {
    try (RawClient client = new RawClient(server.socket)) {
      client.send(
          request("GET", "/api/status")
              + request("POST", "/api/v0/compose", RunningServer.JSON, "{}")
              + request("GET", "/nothing")
              + request("GET", "/api/status"));
      assertEquals(200, client.reply().status());
      assertEquals(400, client.reply().status());
      assertEquals(404, client.reply().status());
      assertEquals(200, client.reply().status());
    }
  }

  @Test
  void theConnectionIsClosedWhenTheClientAsksForIt() throws IOException {
    try (RawClient client = new RawClient(server.socket)) {
      client.send(request("GET", "/api/status", "Connection: close"));
      assertEquals(200, client.reply().status());
      assertTrue(client.isClosedByServer());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host:", "Host: localhost", "Host: /run/weldr/api.socket", "Host: a b"})
  void theHostHeaderIsIgnored(String host) throws IOException {
    assertEquals(200, server.get("/api/status", host).status());
  }

  @Test
  void curlsReadingOfTheOldDocumentationIsServed() throws IOException {
    assertEquals(200, server.get("/v0/blueprints/list", "Host: api").status());
    assertEquals(200, server.get("/v1/compose/types", "Host: api").status());
    assertEquals(200, server.get("/status", "Host: api").status());
    assertEquals(404, server.get("/v2/compose/types", "Host: api").status());
    assertEquals(405, server.post("/v0/blueprints/list", "Host: api").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n\r\n",
        "GET /api/status\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/status HTTP/1.1\r\nbad header\r\n\r\n",
        "GET /api/status?a=\u0001 HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /api/v0/compose HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "POST /api/v0/compose HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /api/v0/compose HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n",
      })
  void malformedRequestsAreRefusedInJsonAndTheConnectionEnds(String text) throws IOException {
    try (RawClient client = new RawClient(server.socket)) {
      client.send(text);
      Reply reply = client.reply();
      assertEquals(400, reply.status());
      assertEquals("HTTPError: Bad Request", reply.error(0));
      assertTrue(client.isClosedByServer());
    }
    assertEquals(200, server.get("/api/status").status());
  }

  @Test
  void keysAreSortedAndTextIsAscii() throws IOException {
    server.post(
        "/api/v0/blueprints/new",
        RunningServer.JSON,
        "{\"name\":\"a\",\"description\":\"Grün ☃\",\"version\":\"0.0.1\"}");
    Reply reply = server.get("/api/v0/blueprints/info/a");
    assertTrue(reply.text().contains("Gr\\u00FCn \\u2603"), reply.text());
    TreeSet<String> keys = new TreeSet<>();
    reply.json().path("blueprints").path(0).fieldNames().forEachRemaining(keys::add);
    String text = reply.text();
    int last = -1;
    for (String key : keys) {
      int here = text.indexOf("\"" + key + "\"");
      assertTrue(here > last, key + " in " + text);
      last = here;
    }
  }
}
