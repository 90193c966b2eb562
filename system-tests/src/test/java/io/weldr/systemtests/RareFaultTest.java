package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.systemtests.Failpoints.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Failpoints that come at a time of their own and not with each compose, and that there are no
 * others than these and those that {@link FaultMatrixTest} and {@link RealBuildFaultTest} kill at.
 */
@Tag("slow")
class RareFaultTest extends FaultTest {
  private static final String CATALOGUE = "io.weldr.worker.host.Failpoint";

  @Test
  void everyOtherPointIsPassedInTheLifeOfAComposeAndSoKilledAt() {
    worker.record();
    job.record();
    String real = steps.submittedReal();
    steps.awaitState("FINISHED", real);
    steps.awaitCleaned(real);
    Set<String> passed = new HashSet<>(job.recorded());
    String cancelled = steps.held();
    steps.cancel(cancelled);
    steps.awaitCleaned(cancelled);
    steps.awaitGone(real);
    passed.addAll(worker.recorded());

    Path classPath = composer.installation().classPath("build-worker");
    Set<String> never = Failpoints.catalogue(classPath, CATALOGUE);
    never.removeAll(passed);
    never.removeAll(Failpoints.RARE);
    assertEquals(Set.of(), never, "failpoints that nothing passes");
  }

  @Test
  void theWorkerIsKilledWhileItPutsItsAuditLogAside() throws IOException {
    composer.restartWorkerWith("audit_log_mib = 1");
    Set<String> acknowledged = new TreeSet<>();
    for (Passage passage :
        List.of(
            new Passage("AUDIT_BEFORE_RENAME", 1),
            new Passage("AUDIT_RENAMED", 1),
            new Passage("AUDIT_RENAMED", 2))) {
      composer.await("the worker answers", LONG, this::workerAnswers);
      acknowledged.add(steps.submitted());
      RunningComposer.kill(composer.worker());
      fillAuditLog();
      worker.pauseAt(passage);
      composer.startWorker();
      var answer = asynchronously(steps::submit);
      composer.await(passage + " is reached", LONG, () -> worker.reached(passage.point()));
      RunningComposer.kill(composer.worker());
      worker.clear();
      composer.startWorker();
      if (answer.join().status() == 200) {
        acknowledged.add(answer.join().json().path("build_id").asText());
      }
      steps.awaitListed(acknowledged);
      assertNoGapInAuditLog();
    }
    acknowledged.forEach(id -> steps.awaitState("FINISHED", id));
    assertNothingLeft();
  }

  @Test
  void theWorkerIsKilledWhileItWritesItsIndex() throws IOException {
    String id = steps.submitted();
    steps.awaitCleaned(id);
    for (String point : List.of("BEFORE_INDEX", "INDEXED")) {
      RunningComposer.kill(composer.worker());
      Files.deleteIfExists(composer.lib().resolve("composes.index"));
      worker.pauseAt(new Passage(point, 1));
      composer.startWorker();
      composer.await(point + " is reached", LONG, () -> worker.reached(point));
      RunningComposer.kill(composer.worker());
      worker.clear();
      composer.startWorker();
      composer.await("the worker answers again", LONG, this::workerAnswers);
      steps.awaitState("FINISHED", id);
    }
    assertNothingLeft();
  }

  /** A mebibyte in front of the last records. */
  private void fillAuditLog() throws IOException {
    String records = Files.readString(composer.auditLog());
    Files.writeString(composer.auditLog(), ("x".repeat(1023) + "\n").repeat(1024) + records);
  }

  private void assertNoGapInAuditLog() throws IOException {
    List<Long> numbers = new ArrayList<>();
    try (var files =
        Files.newDirectoryStream(
            composer.auditLog().getParent(), composer.auditLog().getFileName() + "*")) {
      for (Path file : files) {
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("{"))
            .forEach(line -> numbers.add(Curl.parsed(line).path("seq").asLong()));
      }
    }
    numbers.sort(null);
    assertTrue(numbers.size() > 1, numbers.toString());
    for (int i = 1; i < numbers.size(); i++) {
      assertEquals(numbers.get(i - 1) + 1, numbers.get(i), numbers.toString());
    }
  }
}
