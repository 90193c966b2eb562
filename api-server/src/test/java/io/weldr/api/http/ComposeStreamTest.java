package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.proto.worker.v1.State;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code compose/events}, over the socket, with the worker's messages behind it. */
@Timeout(120)
class ComposeStreamTest {
  @TempDir Path directory;
  private ComposeServer server;
  private final List<EventClient> clients = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    server = ComposeServer.in(directory);
  }

  @AfterEach
  void stop() throws Exception {
    for (EventClient client : clients) {
      client.close();
    }
    server.close();
  }

  private EventClient follow(String query) throws IOException {
    EventClient client = new EventClient(server.socket, "/api/v1/compose/events" + query);
    clients.add(client);
    return client;
  }

  private static Predicate<JsonNode> state(String id, String state) {
    return line ->
        line.path("event").asText().equals("state")
            && line.path("id").asText().equals(id)
            && line.at("/compose/queue_status").asText().equals(state);
  }

  @Test
  void stateStagePercentAndLogLinesOfAComposeAreTold() throws Exception {
    EventClient client = follow("");
    JsonNode begin = client.next();
    assertEquals("begin", begin.path("event").asText());
    String id = server.start("web");
    Path logs = Files.createDirectories(server.results.resolve(id).resolve("logs"));
    Path log = Files.writeString(logs.resolve("combined.log"), "first line\nsecond");
    assertEquals(
        begin.path("seq").asLong() + 1, client.until(state(id, "WAITING")).path("seq").asLong());
    server.worker.become(id, State.STATE_RUNNING);
    client.until(state(id, "RUNNING"));
    server.worker.progress(id, "install", 40);
    JsonNode progress = client.until(line -> line.path("event").asText().equals("progress"));
    assertEquals("{\"percent\":40,\"stage\":\"install\"}", progress.path("progress").toString());
    assertEquals(List.of("first line"), client.logLines(1));
    Files.writeString(log, " half\nthird\n", StandardOpenOption.APPEND);
    assertEquals(List.of("second half", "third"), client.logLines(2));
    server.worker.become(id, State.STATE_FAILED);
    JsonNode failed = client.until(state(id, "FAILED"));
    assertEquals("TEST_FAILED", failed.at("/compose/error/code").asText());
    assertTrue(failed.path("time").isNumber());
    Files.writeString(log, "why it failed\nno line end", StandardOpenOption.APPEND);
    assertEquals(List.of("why it failed", "no line end"), client.logLines(2));
    server.http("DELETE", "/api/v1/compose/delete/" + id);
    client.until(line -> line.path("event").asText().equals("deleted"));
  }

  @Test
  void aStreamIsResumedWithoutGapOrRepetition() throws Exception {
    EventClient first = follow("");
    long seen = first.next().path("seq").asLong();
    String id = server.start("web");
    seen = first.until(state(id, "WAITING")).path("seq").asLong();
    first.close();
    server.worker.become(id, State.STATE_RUNNING);
    server.worker.become(id, State.STATE_FAILED);
    EventClient second = follow("?after=" + seen);
    assertEquals("begin", second.next().path("event").asText());
    JsonNode running = second.next();
    assertTrue(state(id, "RUNNING").test(running), running.toString());
    assertEquals(seen + 1, running.path("seq").asLong());
    assertTrue(state(id, "FAILED").test(second.next()));
  }

  @Test
  void aNumberOfAnEarlierServerIsLostAndReadingGoesOn() throws Exception {
    EventClient client = follow("?after=1000");
    assertEquals("lost", client.next().path("event").asText());
    String id = server.start("web");
    client.until(state(id, "WAITING"));
  }

  @Test
  void badNumbersAreRefused() throws IOException {
    assertEquals(
        "ComposeError: invalid literal for int() with base 10: 'x'",
        server.http("GET", "/api/v1/compose/events?after=x").error(0));
    assertEquals(400, server.http("GET", "/api/v1/compose/events?after=-1").status());
    assertEquals(404, server.http("GET", "/api/v0/compose/events").status());
  }

  @Test
  void onlySoManyClientsFollowAndOneThatLeavesMakesRoom() throws Exception {
    for (int i = 0; i < 16; i++) {
      follow("").next();
    }
    Reply refused = server.http("GET", "/api/v1/compose/events");
    assertEquals(503, refused.status());
    assertTrue(refused.error(0).contains("Too many clients"), refused.error(0));
    clients.getFirst().close();
    // The server notices when it next writes.
    while (server.http("HEAD", "/api/v1/compose/events").status() == 503) {
      server.start("web");
      Thread.sleep(50);
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsUpNobody() throws Exception {
    EventClient deaf = follow("");
    EventClient other = follow("");
    other.next();
    String id = server.start("web");
    Path logs = Files.createDirectories(server.results.resolve(id).resolve("logs"));
    Files.writeString(logs.resolve("combined.log"), ("x".repeat(1000) + "\n").repeat(20_000));
    server.worker.become(id, State.STATE_RUNNING);
    other.until(state(id, "RUNNING"));
    assertEquals(20_000, other.logLines(20_000).size());
    server.worker.become(id, State.STATE_FAILED);
    other.until(state(id, "FAILED"));
    deaf.next();
    deaf.until(line -> line.path("event").asText().equals("lost"));
  }

  @Test
  void aStreamEndsCleanlyWhenTheServerStops() throws Exception {
    EventClient client = follow("");
    client.next();
    server.close();
    assertTrue(client.ends());
  }

  @Test
  void aSlowReaderGetsAllThatWasSaidBeforeTheServerStopped() throws Exception {
    EventClient slow = follow("");
    EventClient other = follow("");
    slow.next();
    String id = server.start("web");
    Path logs = Files.createDirectories(server.results.resolve(id).resolve("logs"));
    // More than the socket holds, and less than the buffer of events.
    Files.writeString(logs.resolve("combined.log"), ("x".repeat(1000) + "\n").repeat(2_000));
    server.worker.become(id, State.STATE_RUNNING);
    assertEquals(2_000, other.logLines(2_000).size());
    Thread stop = Thread.ofVirtual().start(server::stopServing);
    other.ends();
    assertEquals(2_000, slow.logLines(2_000).size());
    assertTrue(slow.ends());
    stop.join();
  }

  /** Reads the lines of a stream. */
  private static final class EventClient implements AutoCloseable {
    private final RawClient client;
    private final List<String> lines = new ArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private final List<String> logged = new ArrayList<>();

    EventClient(Path socket, String target) throws IOException {
      client = new RawClient(socket);
      client.send(RawClient.request("GET", target));
      client.head();
    }

    JsonNode next() throws IOException {
      while (lines.isEmpty()) {
        String chunk = client.chunkText();
        if (chunk.isEmpty()) {
          throw new EOFException("the stream ended");
        }
        part.append(chunk);
        for (int end = part.indexOf("\n"); end >= 0; end = part.indexOf("\n")) {
          lines.add(part.substring(0, end));
          part.delete(0, end + 1);
        }
      }
      JsonNode line = Reply.parse(lines.removeFirst());
      line.path("lines").forEach(text -> logged.add(text.asText()));
      return line;
    }

    JsonNode until(Predicate<JsonNode> wanted) throws IOException {
      JsonNode line = next();
      while (!wanted.test(line)) {
        line = next();
      }
      return line;
    }

    /** The next lines of logs. */
    List<String> logLines(int count) throws IOException {
      while (logged.size() < count) {
        next();
      }
      List<String> taken = List.copyOf(logged.subList(0, count));
      logged.subList(0, count).clear();
      return taken;
    }

    boolean ends() throws IOException {
      try {
        while (true) {
          next();
        }
      } catch (EOFException e) {
        return String.valueOf(e.getMessage()).equals("the stream ended");
      }
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }
}
