package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was acknowledged survives kill -9 of either daemon at any moment. */
@Tag("archive")
@Tag("slow")
class KillTest {
  private static final int COMPOSES = 100;
  private static final int KILLS = 20;
  private static final String REQUEST =
      "{\"blueprint_name\":\"empty\",\"compose_type\":\"tar\",\"branch\":\"master\"}";

  @Test
  void composesFinishInOrderWhileBothDaemonsAreKilledAtRandom() throws Exception {
    try (RunningComposer composer =
        RunningComposer.start("slots = 1", "test_compose_seconds = 0")) {
      Curl curl = composer.curl();
      assertEquals(
          200,
          curl.postToml("/api/v1/blueprints/new", "name = \"empty\"\ndescription = \"\"\n")
              .status());
      List<String> acknowledged = submitWhileKilling(composer, new Random(20));
      for (String id : acknowledged) {
        JsonNode entry = composer.awaitEnd(id, Duration.ofMinutes(4));
        assertEquals("FINISHED", entry.path("queue_status").asText(), entry.toString());
        assertEquals("TEST IMAGE", Files.readString(composer.results(id).resolve("root.tar.xz")));
      }
      assertStartedInOrder(curl, acknowledged);
      assertNothingLeft(composer);
    }
  }

  private static List<String> submitWhileKilling(RunningComposer composer, Random random) {
    List<String> acknowledged = new ArrayList<>();
    int kills = 0;
    while (acknowledged.size() < COMPOSES) {
      submit(composer.curl()).ifPresent(acknowledged::add);
      if (kills < KILLS && acknowledged.size() * KILLS / COMPOSES > kills) {
        kills++;
        killOne(composer, random);
      }
    }
    assertEquals(KILLS, kills);
    return acknowledged;
  }

  /** The id, or empty when the daemon that was asked, or the one behind it, was just killed. */
  private static Optional<String> submit(Curl curl) {
    Curl.Answer answer = curl.postJson("/api/v1/compose?test=2", REQUEST);
    return answer.status() == 200
        ? Optional.of(answer.json().get("build_id").asText())
        : Optional.empty();
  }

  private static void killOne(RunningComposer composer, Random random) {
    if (random.nextBoolean()) {
      RunningComposer.kill(composer.worker());
      composer.startWorker();
    } else {
      RunningComposer.kill(composer.api());
      composer.startApi();
    }
  }

  private static void assertStartedInOrder(Curl curl, List<String> acknowledged) {
    double last = 0;
    for (String id : acknowledged) {
      double started = curl.entry(id).path("job_started").asDouble();
      assertTrue(started >= last, id + " started before the one submitted before it");
      last = started;
    }
  }

  private static void assertNothingLeft(RunningComposer composer) throws IOException {
    try (Stream<java.nio.file.Path> names = Files.list(composer.lib().resolve("results"))) {
      assertEquals(
          List.of(),
          names.map(path -> path.getFileName().toString()).filter(n -> n.startsWith(".")).toList());
    }
    assertTrue(!Command.run("pgrep", "-f", "JobMain " + composer.lib()).output().contains("\n"));
    assertTrue(!Command.must("cat", "/proc/self/mounts").contains(composer.top().toString()));
    assertTrue(!Command.must("losetup", "-a").contains(composer.top().toString()));
  }
}
