package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.systemtests.Failpoints.Passage;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each process is killed with signal 9 at every failpoint of a compose's life, at the first and the
 * last passage, and started again: what was acknowledged is there, nothing ends twice, no state
 * goes backward, and nothing is left lying about.
 */
@Tag("slow")
class FaultMatrixTest extends FaultTest {
  private StateWatch states;

  @BeforeEach
  void watch() {
    states = StateWatch.of(composer);
  }

  @AfterEach
  void watched() {
    states.close();
    states.assertLegal();
  }

  @Test
  void theWorkerIsKilledAtEveryPointOfAcceptanceCancellationAndDeletion() throws Exception {
    String blocker = steps.held();
    Set<String> passed = new HashSet<>();

    worker.record();
    steps.submit();
    List<String> submission = worker.recorded();
    passed.addAll(submission);
    Set<String> acknowledged = new TreeSet<>();
    for (Passage passage : Failpoints.firstAndLast(submission)) {
      Curl.Answer answer = killingWorker(passage, steps::submit);
      if (answer.status() == 200) {
        acknowledged.add(answer.json().get("build_id").asText());
      }
      steps.awaitListed(acknowledged);
    }
    Deque<String> waiting = new ArrayDeque<>(steps.onDisk());
    waiting.remove(blocker);
    waiting.forEach(id -> assertEquals("WAITING", steps.state(id)));

    worker.record();
    steps.cancel(waiting.getFirst());
    List<String> cancellation = worker.recorded();
    passed.addAll(cancellation);
    Deque<String> cancelled = new ArrayDeque<>(List.of(waiting.removeFirst()));
    for (Passage passage : Failpoints.firstAndLast(cancellation)) {
      String id = next(waiting);
      cancelled.add(id);
      Curl.Answer answer = killingWorker(passage, () -> steps.cancel(id));
      if (!ComposeSteps.succeeded(answer)) {
        steps.cancelUntilFailed(id);
      }
      steps.awaitState("FAILED", id);
    }

    worker.record();
    steps.remove(cancelled.getFirst());
    List<String> deletion = worker.recorded();
    passed.addAll(deletion);
    cancelled.removeFirst();
    for (Passage passage : Failpoints.firstAndLast(deletion)) {
      String id = cancelled.isEmpty() ? cancelledOf(waiting) : cancelled.removeFirst();
      killingWorker(passage, () -> steps.remove(id));
      steps.awaitGone(id);
    }

    assertEquals(Set.of(), missing(passed, "BEFORE_ACCEPTANCE", "ACCEPTED", "PURGED"));
    job.clear();
    steps.awaitState("FINISHED", blocker);
    assertEquals(1, steps.starts(blocker), "the held job was adopted, not started again");
    waiting.forEach(id -> steps.awaitState("FINISHED", id));
    assertNothingLeft();
  }

  @Test
  void theWorkerIsKilledAtEveryPointWhileAComposeRunsOrIsCancelled() throws Exception {
    Set<String> passed = new HashSet<>();
    worker.record();
    String first = steps.submitted();
    steps.awaitCleaned(first);
    List<String> life = worker.recorded();
    passed.addAll(life);
    for (Passage passage : Failpoints.firstAndLast(life)) {
      Curl.Answer answer = killingWorker(passage, steps::submit);
      if (answer.status() == 200) {
        steps.awaitCleaned(answer.json().get("build_id").asText());
      }
    }
    for (String id : steps.onDisk()) {
      steps.awaitState("FINISHED", id);
      assertTrue(steps.starts(id) <= 2, () -> composer.log(id));
    }

    String running = steps.held();
    worker.record();
    steps.cancel(running);
    steps.awaitCleaned(running);
    List<String> cancellation = worker.recorded();
    passed.addAll(cancellation);
    for (Passage passage : Failpoints.firstAndLast(cancellation)) {
      String id = steps.held();
      if (!ComposeSteps.succeeded(killingWorker(passage, () -> steps.cancel(id)))) {
        steps.cancelUntilFailed(id);
      }
      steps.awaitState("FAILED", id);
      steps.awaitCleaned(id);
    }
    assertEquals(
        Set.of(),
        missing(passed, "BEFORE_CGROUP", "CGROUP_MADE", "JOB_STARTED", "BEFORE_KILL", "KILLED"));
    assertNothingLeft();
  }

  @Test
  void theBuildProcessIsKilledAtEveryPoint() throws Exception {
    job.record();
    steps.awaitState("FINISHED", steps.submitted());
    List<String> life = job.recorded();
    boolean both = false;
    for (Passage passage : Failpoints.firstAndLast(life)) {
      job.pauseAt(passage);
      String id = steps.submitted();
      composer.await(passage + " is reached", LONG, () -> job.reached(passage.point()));
      if (both) {
        RunningComposer.kill(composer.worker());
        composer.await("api-server misses the worker", LONG, () -> !workerAnswers());
      }
      steps.killJob(id);
      job.clear();
      long before = System.nanoTime();
      if (both) {
        composer.startWorker();
        // The compose may be known to have finished before.
        composer.await("the worker answers again", LONG, this::workerAnswers);
      }
      both = !both;
      steps.awaitState("FINISHED", id);
      recovered(before);
      assertTrue(steps.starts(id) <= 2, () -> composer.log(id));
      assertEquals("TEST IMAGE", Files.readString(composer.results(id).resolve("root.tar.xz")));
    }
    assertInterruptedAfterTwoKills();
    Set<String> passed = new HashSet<>(life);
    assertEquals(Set.of(), missing(passed, "JOB_BEGUN", "MOUNTED", "EVENT_SYNCED", "PUBLISHED"));
    assertNothingLeft();
  }

  /** A compose whose process dies twice fails. */
  private void assertInterruptedAfterTwoKills() {
    job.pauseAt(new Passage("EVENT_WRITTEN", 1));
    String id = steps.submitted();
    for (int i = 0; i < 2; i++) {
      composer.await("the job runs", LONG, () -> job.reached("EVENT_WRITTEN"));
      steps.killJob(id);
      job.clear();
      job.pauseAt(new Passage("EVENT_WRITTEN", 1));
    }
    steps.awaitState("FAILED", id);
    job.clear();
    assertEquals("INTERRUPTED", composer.curl().entry(id).at("/error/code").asText());
  }

  private String cancelledOf(Deque<String> waiting) {
    String id = next(waiting);
    steps.cancelUntilFailed(id);
    return id;
  }

  private String next(Deque<String> waiting) {
    return waiting.isEmpty() ? steps.submitted() : waiting.removeFirst();
  }
}
