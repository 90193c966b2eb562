package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.api.compose.ComposeState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeResultsTest {
  private static final int SIZE = 200_000;

  @TempDir Path directory;
  private RunningServer server;
  private UUID id;
  private Path files;

  @BeforeEach
  void start() throws IOException {
    server = RunningServer.in(directory);
    id = server.composes.add(ComposeState.FINISHED, SIZE);
    files = Files.createDirectories(server.results.resolve(id.toString()));
    Files.createDirectory(files.resolve("logs"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void record() throws IOException {
    Files.writeString(files.resolve("COMMIT"), "0123456789".repeat(4));
    Files.writeString(
        files.resolve("frozen.toml"), "name = 'a'\ndescription = ''\nversion = '0.0.1'\n");
    Files.writeString(
        files.resolve("deps.toml"),
        "[[packages]]\nname = 'bash'\nepoch = 1\nversion = '5.2'\nrelease = '3'\narch = 'amd64'\n");
    Files.writeString(files.resolve("config.toml"), "compose_type = 'tar'\nsize = 7\n");
  }

  @Test
  void infoShowsWhatIsStored() throws IOException {
    record();
    Reply v0 = server.get("/api/v0/compose/info/" + id);
    assertEquals(200, v0.status());
    JsonNode json = v0.json();
    assertEquals(id.toString(), json.path("id").asText());
    assertEquals("{\"compose_type\":\"tar\",\"size\":7}", json.path("config").toString());
    assertEquals("0123456789".repeat(4), json.path("commit").asText());
    assertEquals(
        "{\"arch\":\"amd64\",\"epoch\":1,\"name\":\"bash\",\"release\":\"3\",\"version\":\"5.2\"}",
        json.at("/deps/packages/0").toString());
    assertTrue(json.at("/blueprint/packages").isArray());
    assertEquals("FINISHED", json.path("queue_status").asText());
    assertTrue(json.path("uploads").isMissingNode());
    JsonNode v1 = server.get("/api/v1/compose/info/" + id).json();
    assertEquals("", v1.path("config").asText("no text"));
    assertEquals("[]", v1.path("uploads").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "COMMIT,Missing commit hash for",
    "frozen.toml,Missing frozen.toml for",
    "deps.toml,Missing deps.toml for",
  })
  void infoOfADamagedResultSaysWhatIsMissing(String file, String message) throws IOException {
    record();
    Files.delete(files.resolve(file));
    Reply reply = server.get("/api/v1/compose/info/" + id);
    assertEquals(400, reply.status());
    assertEquals("ComposeError: " + message + " " + id, reply.error(0));
  }

  private byte[] image() throws IOException {
    byte[] image = new byte[SIZE];
    new Random(1).nextBytes(image);
    Files.write(files.resolve("root.tar.xz"), image);
    Files.setLastModifiedTime(
        files.resolve("root.tar.xz"), FileTime.from(Instant.parse("2026-11-23T01:02:03.456Z")));
    return image;
  }

  @Test
  void theImageIsSentWithItsHeaders() throws IOException {
    byte[] image = image();
    Reply reply = server.get("/api/v1/compose/image/" + id);
    assertEquals(200, reply.status());
    assertArrayEquals(image, reply.bytes());
    assertEquals(Integer.toString(SIZE), reply.header("Content-Length"));
    assertEquals("application/octet-stream", reply.header("Content-Type"));
    assertEquals(
        "attachment; filename=" + id + "-root.tar.xz", reply.header("Content-Disposition"));
    assertEquals("Mon, 23 Nov 2026 01:02:03 GMT", reply.header("Last-Modified"));
    assertEquals("bytes", reply.header("Accept-Ranges"));
    assertEquals("", reply.header("ETag"));
    assertEquals("", reply.header("Transfer-Encoding"));
  }

  @Test
  void daysBeforeTheTenthHaveTwoDigits() throws IOException {
    image();
    Files.setLastModifiedTime(
        files.resolve("root.tar.xz"), FileTime.from(Instant.parse("2026-11-03T01:02:03Z")));
    Reply reply = server.get("/api/v1/compose/image/" + id);
    assertEquals("Tue, 03 Nov 2026 01:02:03 GMT", reply.header("Last-Modified"));
  }

  @Test
  void headOfTheImageHasTheSameHeaders() throws IOException {
    image();
    try (RawClient client = new RawClient(server.socket)) {
      client.send(RawClient.request("HEAD", "/api/v1/compose/image/" + id));
      Reply head = client.reply(true);
      assertEquals(200, head.status());
      assertEquals(Integer.toString(SIZE), head.header("Content-Length"));
      assertEquals(
          "attachment; filename=" + id + "-root.tar.xz", head.header("Content-Disposition"));
      client.send(RawClient.request("GET", "/api/status"));
      assertEquals(200, client.reply().status());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,1",
    "bytes=5-104,5,100",
    "bytes=199990-,199990,10",
    "bytes=-7,199993,7",
    "bytes=-999999,0,200000",
    "bytes=100-999999999999,100,199900",
  })
  void aPartOfTheImageIsSent(String range, int first, int length) throws IOException {
    byte[] image = image();
    Reply reply = server.get("/api/v1/compose/image/" + id, "Range: " + range);
    assertEquals(206, reply.status());
    assertArrayEquals(Arrays.copyOfRange(image, first, first + length), reply.bytes());
    assertEquals(
        "bytes %d-%d/%d".formatted(first, first + length - 1, SIZE), reply.header("Content-Range"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=200000-", "bytes=-0", "bytes=999999-1000000"})
  void aPartBeyondTheImageIsRefused(String range) throws IOException {
    image();
    Reply reply = server.get("/api/v1/compose/image/" + id, "Range: " + range);
    assertEquals(416, reply.status());
    assertEquals("bytes */200000", reply.header("Content-Range"));
    assertEquals("HTTPError: Requested Range Not Satisfiable", reply.error(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=-", "bytes=x-"})
  void whatIsNoSingleRangeGetsTheWhole(String range) throws IOException {
    image();
    Reply reply = server.get("/api/v1/compose/image/" + id, "Range: " + range);
    assertEquals(200, reply.status());
    assertEquals(SIZE, reply.bytes().length);
  }

  @Test
  void aRangeOfAnotherVersionGetsTheWhole() throws IOException {
    image();
    String range = "Range: bytes=0-9";
    String url = "/api/v1/compose/image/" + id;
    Reply same = server.get(url, range, "If-Range: Mon, 23 Nov 2026 01:02:03 GMT");
    assertEquals(206, same.status());
    Reply other = server.get(url, range, "If-Range: Mon, 23 Nov 2026 01:02:04 GMT");
    assertEquals(200, other.status());
  }

  @Test
  void aMissingImageIsNamed() throws IOException {
    UUID failed = server.composes.add(ComposeState.FAILED, 0);
    Reply reply = server.get("/api/v1/compose/image/" + failed);
    assertEquals(400, reply.status());
    assertEquals(
        "BuildMissingFile: Build %s is missing image file root.tar.xz".formatted(failed),
        reply.error(0));
  }

  @Test
  void theImageOfARunningComposeIsNotGiven() throws IOException {
    UUID running = server.composes.add(ComposeState.RUNNING, 0);
    Reply reply = server.get("/api/v0/compose/image/" + running);
    assertEquals(400, reply.status());
    assertEquals(
        "BuildInWrongState: Build %s not in FINISHED or FAILED state.".formatted(running),
        reply.error(0));
  }

  private Reply log(byte[] content, String query) throws IOException {
    Files.write(files.resolve("logs/combined.log"), content);
    return server.get("/api/v1/compose/log/" + id + query);
  }

  @Test
  void aLogThatFitsIsSentWhole() throws IOException {
    Reply reply = log("first\nsecond".getBytes(StandardCharsets.UTF_8), "");
    assertEquals(200, reply.status());
    assertEquals("text/plain; charset=utf-8", reply.header("Content-Type"));
    assertEquals("first\nsecond", reply.text());
    assertEquals("one line", log("one line".getBytes(StandardCharsets.UTF_8), "?size=1").text());
    assertEquals("", log(new byte[0], "").text());
  }

  @Test
  void onlyACutLineIsLeftOut() throws IOException {
    String lines = "0123456789abcde\n".repeat(100_000);
    Reply tail = log(lines.getBytes(StandardCharsets.UTF_8), "?size=1");
    assertEquals("0123456789abcde\n".repeat(63), tail.text());
    assertEquals(1 << 20, log(lines.getBytes(StandardCharsets.UTF_8), "").text().length() + 16);
    assertEquals("", log("x".repeat(5000).getBytes(StandardCharsets.UTF_8), "?size=1").text());
    assertEquals("", log(lines.getBytes(StandardCharsets.UTF_8), "?size=0").text());
  }

  @Test
  void bytesThatAreNotTextAreReplacedAndCharactersAreNotCut() throws IOException {
    byte[] bad = {'a', (byte) 0xff, 'b', '\n'};
    assertEquals("a\ufffdb\n", log(bad, "").text());
    String text = ("ü☃😀" + "x".repeat(7) + "\n").repeat(20_000);
    assertEquals(text, log(text.getBytes(StandardCharsets.UTF_8), "?size=100000").text());
    assertEquals("\ufffd", log(new byte[] {(byte) 0xe2, (byte) 0x98}, "").text());
  }

  @Test
  void aWaitingComposeHasNoLogYet() throws IOException {
    UUID waiting = server.composes.add(ComposeState.WAITING, 0);
    Reply reply = server.get("/api/v1/compose/log/" + waiting);
    assertEquals(200, reply.status());
    assertEquals(
        ("{\"errors\":[{\"id\":\"BuildInWrongState\",\"msg\":\"Build %s has not started yet."
                + " No logs to view\"}],\"status\":false}\n")
            .formatted(waiting),
        reply.text());
  }

  @Test
  void theLogOfAComposeThatHasJustBeenStartedIsEmpty() throws IOException {
    UUID running = server.composes.add(ComposeState.RUNNING, 0);
    Reply reply = server.get("/api/v1/compose/log/" + running);
    assertEquals(200, reply.status());
    assertEquals("text/plain; charset=utf-8", reply.header("Content-Type"));
    assertEquals("", reply.text());
  }

  @Test
  void headTellsTheLengthOfWhatIsMadeWhileItIsSent() throws IOException {
    log(new byte[] {'a', (byte) 0xff, '\n'}, "");
    Files.writeString(files.resolve("logs/" + "long".repeat(30) + "ü.log"), "x".repeat(1000));
    image();
    for (String route : List.of("metadata/", "results/", "logs/", "log/")) {
      int length = server.get("/api/v1/compose/" + route + id).bytes().length;
      try (RawClient client = new RawClient(server.socket)) {
        client.send(RawClient.request("HEAD", "/api/v1/compose/" + route + id));
        Reply head = client.reply(true);
        assertEquals(200, head.status());
        assertEquals(Integer.toString(length), head.header("Content-Length"), route);
        client.send(RawClient.request("GET", "/api/status"));
        assertEquals(200, client.reply().status(), route);
      }
    }
  }

  @Test
  void badSizesAndMissingLogsAreRefused() throws IOException {
    Reply bad = log(new byte[0], "?size=x");
    assertEquals(400, bad.status());
    assertEquals("ComposeError: invalid literal for int() with base 10: 'x'", bad.error(0));
    assertEquals(400, log(new byte[0], "?size=-1").status());
    Files.delete(files.resolve("logs/combined.log"));
    Reply missing = server.get("/api/v1/compose/log/" + id);
    assertEquals("ComposeError: No log available.", missing.error(0));
  }

  @Test
  void thingsOfAnotherTypeInThePlaceOfFilesAreToldAtOnce() throws Exception {
    record();
    Path log = Files.createDirectory(files.resolve("logs/combined.log"));
    Files.createDirectory(files.resolve("root.tar.xz"));
    assertEquals(
        "ComposeError: No log available.", server.get("/api/v1/compose/log/" + id).error(0));
    assertEquals(400, server.get("/api/v1/compose/image/" + id).status());
    Files.delete(log);
    for (Path pipe : List.of(log, files.resolve("COMMIT"))) {
      Files.deleteIfExists(pipe);
      assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    }
    assertEquals(
        "ComposeError: No log available.", server.get("/api/v1/compose/log/" + id).error(0));
    assertEquals(
        "ComposeError: Cannot read commit hash for " + id,
        server.get("/api/v1/compose/info/" + id).error(0));
    assertEquals(200, server.get("/api/v1/compose/metadata/" + id).status());
  }

  @Test
  void linksInAResultAreNotFollowed() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    Files.createSymbolicLink(files.resolve("root.tar.xz"), secret);
    Files.createSymbolicLink(files.resolve("logs/combined.log"), secret);
    assertEquals(400, server.get("/api/v1/compose/image/" + id).status());
    assertEquals(400, server.get("/api/v1/compose/log/" + id).status());
  }
}
