package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.systemtests.Failpoints.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The disk takes no more, at each step and in each directory: the request or the compose that
 * needed room ends with an error that says so, and the next one is served as if nothing had been.
 */
@Tag("slow")
class DiskFaultTest extends FaultTest {
  @Test
  void everyStepOfTheWorkerMayFail() {
    worker.record();
    String first = steps.submitted();
    steps.awaitState("FINISHED", first);
    steps.awaitCleaned(first);
    Set<String> accepted = new TreeSet<>(Set.of(first));
    for (String point : before(worker.recorded())) {
      for (int number : List.of(1, 3, 7)) {
        worker.failAt(new Passage(point, number));
        Curl.Answer answer = steps.submit();
        if (answer.status() == 200) {
          String id = answer.json().get("build_id").asText();
          accepted.add(id);
          JsonNode entry = composer.awaitEnd(id, LONG);
          assertFinishedOrFullDisk(entry);
          steps.awaitCleaned(id);
        } else {
          assertTrue(answer.body().contains("No space left"), point + ": " + answer);
        }
        worker.clear();
      }
    }
    assertEquals(accepted, steps.onDisk(), "what was refused is not there");
    steps.awaitState("FINISHED", steps.submitted());
    steps.assertNothingLeft();
  }

  @Test
  void everyStepOfABuildMayFail() {
    job.record();
    steps.awaitState("FINISHED", steps.submitted());
    for (String point : before(job.recorded())) {
      job.failAt(new Passage(point, 1));
      String id = steps.submitted();
      assertFinishedOrFullDisk(composer.awaitEnd(id, LONG));
      job.clear();
    }
    steps.awaitState("FINISHED", steps.submitted());
    steps.assertNothingLeft();
  }

  @Test
  void aFullAuditLogRefusesWhatCannotBeRecorded() throws IOException {
    Path log = composer.auditLog().getParent();
    RunningComposer.kill(composer.worker());
    Command.must("cp", "-a", log, log.resolveSibling("kept"));
    try (SmallDisk disk = new SmallDisk(log)) {
      composer.startWorker();
      disk.fill();
      composer.await(
          "a submission is refused",
          LONG,
          () -> {
            Curl.Answer answer = steps.submit();
            return answer.status() == 400 && answer.body().contains("audit");
          });
      disk.empty();
      composer.await("one is accepted", LONG, () -> steps.submit().status() == 200);
      RunningComposer.kill(composer.worker());
    }
    composer.startWorker();
    steps.onDisk().forEach(id -> steps.awaitState("FINISHED", id));
  }

  @Test
  void aFullPackageCacheIsToldAtOnceAndTheNextComposeGetsItsPackages() throws IOException {
    Path cache = Files.createDirectories(composer.top().resolve("cache/worker"));
    try (SmallDisk disk = new SmallDisk(cache)) {
      disk.fill();
      Curl.Answer refused = steps.submitReal();
      assertEquals(400, refused.status(), refused.body());
      assertTrue(refused.body().contains("0 MiB are free"), refused.body());
      disk.empty();
      String next = steps.submittedReal();
      JsonNode second = composer.awaitEnd(next, LONG);
      assertTrue(composer.log(next).contains("Installing"), () -> second + composer.log(next));
      steps.awaitCleaned(next);
    }
    steps.assertNothingLeft();
  }

  private static void assertFinishedOrFullDisk(JsonNode entry) {
    if (entry.path("queue_status").asText().equals("FAILED")) {
      assertEquals("NO_SPACE", entry.at("/error/code").asText(), entry.toString());
    }
  }

  private static Set<String> before(List<String> recorded) {
    Set<String> points = new TreeSet<>(recorded);
    points.removeIf(point -> !point.contains("BEFORE"));
    return points;
  }
}
