package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many clients do everything at random for {@code -Dsoak.minutes} (2 by default, 30 in {@code make
 * soak}). For two thirds of the time daemons and builds are killed as well; the last third goes by
 * without, so that what the daemons fail to give back adds up.
 */
@Tag("slow")
class SoakTest {
  private static final int MINUTES = Integer.getInteger("soak.minutes", 2);
  private static final int CLIENTS = 4;

  /** What caches and the latest events may take, in bytes. */
  private static final long HEAP_NOISE = 8 << 20;

  private static final Set<String> REASONS = Set.of("TEST_FAILED", "CANCELLED", "INTERRUPTED");

  private final Random random = new Random(7);

  @Test
  void nothingIsLostAndNothingLeaks() throws Exception {
    try (TinyRepository repository =
            new TinyRepository(Installation.privateDirectory("weldr-composer-tiny-"));
        RunningComposer composer =
            RunningComposer.prepared(
                    Installation.privateDirectory("weldr-composer-test-"),
                    repository.source(),
                    "slots = 2",
                    "test_compose_seconds = 1")
                .withHeapProbes()
                .started();
        StateWatch states = StateWatch.of(composer)) {
      ComposeSteps steps = ComposeSteps.of(composer);
      Duration whole = Duration.ofMinutes(MINUTES);
      SoakLoad load = SoakLoad.start(composer, CLIENTS);
      int kills = killAtRandom(composer, whole.multipliedBy(2).dividedBy(3));

      composer.await("both answer", ComposeSteps.LONG, () -> load.allServed(20));
      int refused = load.failures();
      Usage before = Usage.of(composer);
      Thread.sleep(whole.dividedBy(3));
      load.stop();
      load.kept().forEach(id -> assertEnded(composer, id));
      assertEquals(refused, load.failures(), load.lastFailure());
      load.assertBlueprints();

      for (String id : steps.onDisk()) {
        composer.awaitEnd(id, ComposeSteps.LONG);
        steps.awaitGone(id);
      }
      steps.assertNothingLeft();
      states.assertLegal();
      Usage after = Usage.of(composer);
      System.out.printf(
          "soak of %d minutes: %s, %d kills%n  before %s%n  after  %s%n",
          MINUTES, load, kills, before, after);
      assertTrue(kills > 0);
      after.assertNoMoreThan(before);
      assertFalse(composer.output("build-worker").contains("damaged"));
    }
  }

  /** How many processes were killed. */
  private int killAtRandom(RunningComposer composer, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    int kills = 0;
    while (System.nanoTime() < end) {
      Thread.sleep(2000 + random.nextInt(6000));
      switch (random.nextInt(3)) {
        case 0 -> {
          RunningComposer.kill(composer.worker());
          composer.startWorker();
        }
        case 1 -> {
          RunningComposer.kill(composer.api());
          composer.startApi();
        }
        default ->
            Command.run("pgrep", "-f", "java .*JobMain " + composer.lib() + "/")
                .output()
                .lines()
                .forEach(pid -> Command.run("kill", "-9", pid));
      }
      kills++;
    }
    return kills;
  }

  private static void assertEnded(RunningComposer composer, String id) {
    JsonNode entry = composer.awaitEnd(id, Duration.ofMinutes(30));
    if (!entry.path("queue_status").asText().equals("FINISHED")) {
      assertTrue(REASONS.contains(entry.at("/error/code").asText()), entry.toString());
    }
  }

  /** What the two daemons hold. */
  private record Usage(
      List<Long> descriptors, List<Long> threads, List<Long> residentKib, List<Long> heap) {
    static Usage of(RunningComposer composer) {
      List<Long> pids = List.of(composer.worker().pid(), composer.api().pid());
      return new Usage(
          pids.stream().map(pid -> number("ls /proc/" + pid + "/fd | wc -l")).toList(),
          pids.stream().map(pid -> status(pid, "Threads")).toList(),
          pids.stream().map(pid -> status(pid, "VmRSS")).toList(),
          Stream.of("worker", "api")
              .map(process -> HeapProbe.ask(composer, composer.heap(process)))
              .toList());
    }

    private static long status(long pid, String field) {
      return number(
          "sed -n 's/^" + field + ":[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/" + pid + "/status");
    }

    private static long number(String script) {
      return Long.parseLong(Command.must("sh", "-c", script).strip());
    }

    /**
     * Descriptors and threads come and go with connections. Memory has its limit in the launcher;
     * of the heap, live objects alone are compared.
     */
    void assertNoMoreThan(Usage before) {
      for (int i = 0; i < 2; i++) {
        assertTrue(descriptors.get(i) <= before.descriptors.get(i) + 10, this + " after " + before);
        assertTrue(threads.get(i) <= before.threads.get(i) + 10, this + " after " + before);
        assertTrue(residentKib.get(i) < 450_000, this + " after " + before);
        assertTrue(heap.get(i) <= before.heap.get(i) + HEAP_NOISE, this + " after " + before);
      }
      assertEquals(2, residentKib.size());
    }
  }
}
