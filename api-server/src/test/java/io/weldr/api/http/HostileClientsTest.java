package io.weldr.api.http;

import static io.weldr.api.http.RunningServer.JSON;
import static io.weldr.api.http.RunningServer.TOML;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.compose.ComposeState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that misbehave are disconnected, and others are served meanwhile. */
class HostileClientsTest {
  @TempDir Path directory;
  private RunningServer server;
  private final List<RawClient> clients = new ArrayList<>();

  @AfterEach
  void stop() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    server.close();
  }

  private RawClient client() throws IOException {
    RawClient client = new RawClient(server.socket);
    clients.add(client);
    return client;
  }

  private void assertServesOthers() throws IOException {
    assertEquals(200, server.get("/api/status").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET",
        "GET /api/status HTTP/1.1\r\nHost: x\r\n",
        "POST /api/v0/compose HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: 100\r\n\r\n{",
        "POST /api/v0/compose HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n10\r\n{",
        "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
      })
  void halfARequestIsNotWaitedForLong(String half) throws IOException {
    server = RunningServer.in(directory, RunningServer.impatient(512));
    RawClient slow = client();
    slow.send(half);
    assertServesOthers();
    if (half.startsWith("POST /nowhere")) {
      assertEquals(404, slow.reply().status());
    }
    assertTrue(slow.isClosedByServer());
    assertServesOthers();
  }

  @Test
  void idleConnectionsBeyondTheLimitMakeRoomForOthers() throws IOException {
    server = RunningServer.in(directory);
    for (int i = 0; i < 1000; i++) {
      client();
    }
    assertServesOthers();
    RawClient last = clients.getLast();
    last.send(RawClient.request("GET", "/api/status"));
    assertEquals(200, last.reply().status());
    assertTrue(clients.getFirst().isClosedByServer(), "the longest silent one made room");
  }

  @Test
  void halfRequestsBeyondTheLimitMakeRoomForOthers() throws IOException {
    server = RunningServer.in(directory, Limits.standard());
    for (int i = 0; i < 600; i++) {
      client()
          .send(
              "POST /api/v0/blueprints/new HTTP/1.1\r\nHost: x\r\n%s\r\nContent-Length: 9\r\n\r\n{"
                  .formatted(TOML));
    }
    assertServesOthers();
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedByItsLength() throws IOException {
    server = RunningServer.in(directory);
    RawClient client = client();
    client.send(
        "POST /api/v0/blueprints/new HTTP/1.1\r\nHost: x\r\n%s\r\nContent-Length: 10485760\r\n\r\n"
            .formatted(TOML));
    Reply reply = client.reply();
    assertEquals(413, reply.status());
    assertEquals(
        "HTTPError: Request Entity Too Large: at most 1048576 bytes are accepted", reply.error(0));
    assertTrue(client.isClosedByServer());
    assertServesOthers();
  }

  @Test
  void aChunkedBodyBeyondTheLimitIsRefusedWhenItComes() throws IOException {
    server = RunningServer.in(directory);
    RawClient client = client();
    client.send(
        "POST /api/v0/blueprints/new HTTP/1.1\r\nHost: x\r\n%s\r\nTransfer-Encoding: chunked\r\n\r\n"
            .formatted(TOML));
    String chunk = "4000\r\n" + "#".repeat(0x4000) + "\r\n";
    for (int i = 0; i < 64; i++) {
      client.send(chunk);
    }
    client.send("1\r\n");
    assertEquals(413, client.reply().status());
    assertTrue(client.isClosedByServer());
    assertServesOthers();
  }

  @Test
  void aBodyOfExactlyTheLimitIsRead() throws IOException {
    server = RunningServer.in(directory);
    String document = "{\"name\":\"a\",\"description\":\"%s\"}";
    String body = document.formatted("x".repeat((1 << 20) - document.length() + 2));
    assertEquals(1 << 20, body.length());
    Reply reply = server.post("/api/v0/compose", JSON, body);
    assertEquals("UnknownBlueprint: No 'blueprint_name' in the JSON request", reply.error(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=1\n", "x.", "[[p]]\n", "1,"})
  void aDocumentOfNothingButStructureIsRefusedBeforeItIsParsed(String part) throws IOException {
    server = RunningServer.in(directory);
    Reply reply = server.post("/api/v0/blueprints/new", TOML, part.repeat(100_000));
    assertEquals(400, reply.status());
    assertTrue(reply.error(0).contains("too many lines, keys and list items"), reply.text());
    String packages = "{\"name\":\"bash\"},".repeat(9000) + "{\"name\":\"bash\"}";
    Reply json =
        server.post(
            "/api/v0/blueprints/new",
            JSON,
            "{\"name\":\"a\",\"description\":\"\",\"packages\":[%s]}".formatted(packages));
    assertTrue(json.error(0).contains("too many lines, keys and list items"), json.text());
  }

  @Test
  void aClientThatAsksBeforeItSendsIsToldToGoOn() throws IOException {
    server = RunningServer.in(directory);
    RawClient client = client();
    client.send(
        "POST /api/v0/compose HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n%s\r\n".formatted(JSON)
            + "Content-Length: 2\r\n\r\n");
    assertEquals(100, client.reply().status());
    client.send("{}");
    assertEquals("MissingPost: Missing POST body", client.reply().error(0));
  }

  @Test
  void hugeHeadersAreRefused() throws IOException {
    server = RunningServer.in(directory);
    RawClient headers = client();
    headers.send("GET /api/status HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(20_000) + "\r\n\r\n");
    assertEquals(400, headers.reply().status());
    RawClient line = client();
    line.send("GET /" + "y".repeat(70_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    assertEquals(414, line.reply().status());
    assertServesOthers();
  }

  @Test
  void garbageNeverStopsTheServer() throws IOException {
    server = RunningServer.in(directory);
    Random random = new Random(20261123);
    for (int i = 0; i < 200; i++) {
      byte[] garbage = new byte[1 + random.nextInt(3000)];
      random.nextBytes(garbage);
      try (RawClient client = new RawClient(server.socket)) {
        client.send(garbage);
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("Broken pipe"), e.getMessage());
      }
    }
    assertServesOthers();
  }

  @Test
  void aDownloadThatIsNotReadEndsAndTheFileIsReleased() throws IOException {
    server = RunningServer.in(directory, RunningServer.impatient(512));
    UUID id = server.composes.add(ComposeState.FINISHED, 1);
    Path results = Files.createDirectories(server.results.resolve(id.toString()));
    try (var image =
        Files.newByteChannel(
            results.resolve("root.tar.xz"),
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.WRITE)) {
      image.position(1L << 32).write(java.nio.ByteBuffer.wrap(new byte[] {1}));
    }
    RawClient client = client();
    client.send(RawClient.request("GET", "/api/v1/compose/image/" + id));
    awaitClosedFile(results.resolve("root.tar.xz"));
    assertServesOthers();
  }

  /** Waits until this process has opened and then closed a file. */
  private static void awaitClosedFile(Path file) throws IOException {
    boolean seen = false;
    while (true) {
      boolean open = isOpen(file);
      if (seen && !open) {
        return;
      }
      seen |= open;
      Thread.onSpinWait();
    }
  }

  private static boolean isOpen(Path file) throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.anyMatch(descriptor -> pointsTo(descriptor, file));
    }
  }

  private static boolean pointsTo(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException e) {
      return false;
    }
  }
}
