package io.weldr.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How long it takes from POST compose until a client that follows the events hears that the first
 * stage has begun, through both installed programs: {@code FirstStageBenchmark [ROUNDS]}. In test
 * mode, and a real compose of a few packages.
 */
public final class FirstStageBenchmark {
  private static final String REQUEST = "{\"blueprint_name\":\"works\",\"compose_type\":\"tar\"}";

  private static final Pattern BEGIN = Pattern.compile("\"event\":\"begin\"");

  /** A compose that has just been started is in the stage of no name. */
  private static final Pattern STAGE = Pattern.compile("\"stage\":\"[^\"]");

  private FirstStageBenchmark() {}

  /** See the class. */
  public static void main(String... arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
    try (TinyRepository repository =
            new TinyRepository(Installation.privateDirectory("weldr-composer-tiny-"));
        RunningComposer composer =
            RunningComposer.withOnlySource(repository.source(), "test_compose_seconds = 0")) {
      ComposeSteps steps = ComposeSteps.of(composer);
      for (String path : List.of("/api/v1/compose?test=2", "/api/v1/compose")) {
        List<Long> answered = new ArrayList<>();
        List<Long> begun = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
          measure(composer, steps, path, answered, begun);
        }
        System.out.printf("POST %s: answer %s, first stage %s%n", path, of(answered), of(begun));
      }
    }
  }

  private static void measure(
      RunningComposer composer,
      ComposeSteps steps,
      String path,
      List<Long> answered,
      List<Long> begun)
      throws IOException {
    LocalHttp http = new LocalHttp(composer.apiSocket());
    try (SocketChannel channel = http.opened("/api/v1/compose/events");
        BufferedReader events =
            new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
      awaitLine(events, BEGIN);
      long start = System.nanoTime();
      String reply = http.post(path, REQUEST);
      answered.add(millisSince(start));
      JsonNode answer = Curl.parsed(reply.substring(reply.indexOf("\r\n\r\n") + 4));
      awaitLine(events, STAGE);
      begun.add(millisSince(start));
      String id = answer.path("build_id").asText();
      composer.awaitEnd(id, Duration.ofMinutes(1));
      steps.awaitCleaned(id);
    }
  }

  private static void awaitLine(BufferedReader events, Pattern part) throws IOException {
    String line = events.readLine();
    while (line != null && !part.matcher(line).find()) {
      line = events.readLine();
    }
    if (line == null) {
      throw new AssertionError("the events ended");
    }
  }

  private static long millisSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private static String of(List<Long> millis) {
    Collections.sort(millis);
    return "%d ms at best, %d ms p50, %d ms max"
        .formatted(millis.getFirst(), millis.get(millis.size() / 2), millis.getLast());
  }
}
