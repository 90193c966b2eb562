package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Results beyond the limits of age, bytes and count go, as clients see it; others never do. */
@Tag("slow")
class RetentionTest extends FaultTest {
  private static final int IMAGE_BYTES = 1 << 20;

  @Test
  void theOldestGoByAgeThenBytesThenCountButNotWhatIsPinnedOrRuns() throws IOException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(steps.submitted());
    }
    ids.forEach(steps::awaitCleaned);
    String running = steps.held();
    RunningComposer.kill(composer.worker());
    // All ended more than an hour ago, the first two days ago; a minute lies between the others.
    age(ids.get(0), Duration.ofDays(5));
    age(ids.get(1), Duration.ofDays(3));
    for (int i = 2; i < 6; i++) {
      age(ids.get(i), Duration.ofHours(2).plusMinutes(6 - i));
    }
    Files.createFile(job(ids.get(0)).resolve("pinned"));
    composer.startWorker();
    assertKept(running, ids);

    composer.restartWorkerWith("keep_results_days = 1");
    assertKept(running, List.of(ids.get(0), ids.get(2), ids.get(3), ids.get(4), ids.get(5)));
    composer.restartWorkerWith("keep_results_mib = 3");
    assertKept(running, List.of(ids.get(0), ids.get(3), ids.get(4), ids.get(5)));
    composer.restartWorkerWith("keep_results = 2");
    assertKept(running, List.of(ids.get(0), ids.get(4), ids.get(5)));

    composer.restartWorkerWith("low_space_mib = " + Integer.MAX_VALUE);
    composer.await(
        "low space is told",
        LONG,
        () -> composer.curl().get("/api/status").body().contains("MiB are free in "));
    job.clear();
    steps.awaitState("FINISHED", running);
    assertEquals(1, steps.starts(running));
    assertNothingLeft();
  }

  /** Lists and directories have these and the one that runs, and nothing is removed any more. */
  private void assertKept(String running, List<String> expected) {
    Set<String> kept = new TreeSet<>(expected);
    kept.add(running);
    composer.await("these are kept: " + kept, LONG, () -> kept.equals(listed()));
    composer.await("their files too", LONG, () -> kept.equals(steps.onDisk()));
    assertEquals("RUNNING", steps.state(running));
  }

  private Set<String> listed() {
    Set<String> ids = new TreeSet<>();
    if (workerAnswers()) {
      composer
          .curl()
          .get("/api/v1/compose/status/*")
          .json()
          .path("uuids")
          .forEach(entry -> ids.add(entry.path("id").asText()));
    }
    return ids;
  }

  private Path job(String id) {
    return composer.lib().resolve("jobs").resolve(id);
  }

  /** Makes a compose older, and its image a mebibyte. */
  private void age(String id, Duration by) throws IOException {
    Path file = job(id).resolve("state.json");
    ObjectNode state = (ObjectNode) Curl.parsed(Files.readString(file));
    for (String time : List.of("createdMs", "startedMs", "finishedMs")) {
      state.put(time, state.path(time).asLong() - by.toMillis());
    }
    ((ObjectNode) state.get("image")).put("size", IMAGE_BYTES);
    Files.writeString(file, state.toString());
    try (RandomAccessFile image =
        new RandomAccessFile(composer.results(id).resolve("root.tar.xz").toFile(), "rw")) {
      image.setLength(IMAGE_BYTES);
    }
  }
}
