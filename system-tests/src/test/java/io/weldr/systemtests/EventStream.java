package io.weldr.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A client that follows {@code compose/events} until it is closed or api-server is gone. */
final class EventStream implements AutoCloseable {
  private final SocketChannel channel;
  private final List<JsonNode> lines = new ArrayList<>();
  private final Thread reader;

  private EventStream(SocketChannel channel) {
    this.channel = channel;
    this.reader = Thread.ofPlatform().daemon().name("event-stream").start(this::read);
  }

  /** Follows from now on, or with {@code ?after=N} from behind a number. */
  static EventStream of(RunningComposer composer, String query) {
    try {
      LocalHttp http = new LocalHttp(composer.apiSocket());
      return new EventStream(http.opened("/api/v1/compose/events" + query));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything else is the head of the reply and the sizes of its chunks. */
  private void read() {
    try (BufferedReader text =
        new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        if (line.startsWith("{")) {
          synchronized (lines) {
            lines.add(Curl.parsed(line));
          }
        }
      }
    } catch (IOException e) {
      // Closed here, or the server was killed: what was read so far counts.
      return;
    }
  }

  /** What came so far. */
  List<JsonNode> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  boolean has(Predicate<JsonNode> wanted) {
    return lines().stream().anyMatch(wanted);
  }

  /** The number to go on from. */
  long lastSequence() {
    return lines().getLast().path("seq").asLong();
  }

  @Override
  public void close() {
    try {
      channel.close();
      reader.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
