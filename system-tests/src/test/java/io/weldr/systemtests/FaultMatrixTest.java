package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.systemtests.Failpoints.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
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
class FaultMatrixTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String QUEUED = "{\"blueprint_name\":\"works\",\"compose_type\":\"tar\"}";

  private TinyRepository repository;
  private RunningComposer composer;
  private Failpoints worker;
  private Failpoints job;
  private StateWatch states;
  private Duration slowest = Duration.ZERO;
  private int kills;

  @BeforeEach
  void start() {
    repository = new TinyRepository(Installation.privateDirectory("weldr-composer-tiny-"));
    composer =
        RunningComposer.underFailpoints(
            repository.source(), "slots = 1", "test_compose_seconds = 0", "max_queue = 200");
    worker = composer.failpoints("worker");
    job = composer.failpoints("job");
    states = StateWatch.of(composer);
    String blueprint = "name = \"works\"\ndescription = \"\"\n[[packages]]\nname = \"tiny\"\n";
    assertEquals(200, composer.curl().postToml("/api/v1/blueprints/new", blueprint).status());
  }

  @AfterEach
  void stop() {
    states.close();
    composer.close();
    repository.close();
    System.out.printf("%d kills, the slowest recovery took %s%n", kills, slowest);
  }

  @Test
  void theWorkerIsKilledAtEveryPointOfAcceptanceCancellationAndDeletion() throws Exception {
    String blocker = held();
    Set<String> passed = new HashSet<>();

    worker.record();
    submit();
    List<String> submission = worker.recorded();
    passed.addAll(submission);
    Set<String> acknowledged = new TreeSet<>();
    for (Passage passage : Failpoints.firstAndLast(submission)) {
      Curl.Answer answer = killingWorker(passage, this::submit);
      if (answer.status() == 200) {
        acknowledged.add(answer.json().get("build_id").asText());
      }
      awaitListed(acknowledged);
    }
    Deque<String> waiting = new ArrayDeque<>(onDisk());
    waiting.remove(blocker);
    waiting.forEach(id -> assertState("WAITING", id));

    worker.record();
    cancel(waiting.getFirst());
    List<String> cancellation = worker.recorded();
    passed.addAll(cancellation);
    Deque<String> cancelled = new ArrayDeque<>(List.of(waiting.removeFirst()));
    for (Passage passage : Failpoints.firstAndLast(cancellation)) {
      String id = next(waiting);
      cancelled.add(id);
      Curl.Answer answer = killingWorker(passage, () -> cancel(id));
      if (!succeeded(answer)) {
        cancelAgain(id);
      }
      awaitState("FAILED", id);
    }

    worker.record();
    remove(cancelled.getFirst());
    List<String> deletion = worker.recorded();
    passed.addAll(deletion);
    cancelled.removeFirst();
    for (Passage passage : Failpoints.firstAndLast(deletion)) {
      String id = cancelled.isEmpty() ? cancelledOf(waiting) : cancelled.removeFirst();
      killingWorker(passage, () -> remove(id));
      awaitGone(id);
    }

    assertEquals(Set.of(), missing(passed, "BEFORE_ACCEPTANCE", "ACCEPTED", "PURGED"));
    job.clear();
    awaitState("FINISHED", blocker);
    assertEquals(1, starts(blocker), "the held job was adopted, not started again");
    waiting.forEach(id -> awaitState("FINISHED", id));
    assertNothingLeft();
  }

  @Test
  void theWorkerIsKilledAtEveryPointWhileAComposeRunsOrIsCancelled() throws Exception {
    Set<String> passed = new HashSet<>();
    worker.record();
    String first = submitted();
    awaitCleaned(first);
    List<String> life = worker.recorded();
    passed.addAll(life);
    for (Passage passage : Failpoints.firstAndLast(life)) {
      Curl.Answer answer = killingWorker(passage, this::submit);
      if (answer.status() == 200) {
        awaitCleaned(answer.json().get("build_id").asText());
      }
    }
    for (String id : onDisk()) {
      awaitState("FINISHED", id);
      assertTrue(starts(id) <= 2, () -> composer.log(id));
    }

    String running = held();
    worker.record();
    cancel(running);
    awaitCleaned(running);
    List<String> cancellation = worker.recorded();
    passed.addAll(cancellation);
    for (Passage passage : Failpoints.firstAndLast(cancellation)) {
      String id = held();
      if (!succeeded(killingWorker(passage, () -> cancel(id)))) {
        cancelAgain(id);
      }
      awaitState("FAILED", id);
      awaitCleaned(id);
    }
    assertEquals(
        Set.of(),
        missing(passed, "BEFORE_CGROUP", "CGROUP_MADE", "JOB_STARTED", "BEFORE_KILL", "KILLED"));
    assertNothingLeft();
  }

  @Test
  void theBuildProcessIsKilledAtEveryPoint() throws Exception {
    job.record();
    awaitState("FINISHED", submitted());
    List<String> life = job.recorded();
    boolean both = false;
    for (Passage passage : Failpoints.firstAndLast(life)) {
      job.pauseAt(passage);
      String id = submitted();
      composer.await(passage + " is reached", LONG, () -> job.reached(passage.point()));
      if (both) {
        RunningComposer.kill(composer.worker());
      }
      killJob(id);
      job.clear();
      long before = System.nanoTime();
      if (both) {
        composer.startWorker();
      }
      both = !both;
      awaitState("FINISHED", id);
      recovered(before);
      assertTrue(starts(id) <= 2, () -> composer.log(id));
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
    String id = submitted();
    for (int i = 0; i < 2; i++) {
      composer.await("the job runs", LONG, () -> job.reached("EVENT_WRITTEN"));
      killJob(id);
      job.clear();
      job.pauseAt(new Passage("EVENT_WRITTEN", 1));
    }
    awaitState("FAILED", id);
    job.clear();
    assertEquals("INTERRUPTED", composer.curl().entry(id).at("/error/code").asText());
  }

  private Curl.Answer killingWorker(Passage passage, Supplier<Curl.Answer> action) {
    worker.pauseAt(passage);
    CompletableFuture<Curl.Answer> answer = CompletableFuture.supplyAsync(action);
    composer.await(passage + " is reached", LONG, () -> worker.reached(passage.point()));
    RunningComposer.kill(composer.worker());
    worker.clear();
    long before = System.nanoTime();
    composer.startWorker();
    Curl.Answer given = answer.join();
    composer.await("the worker answers again", LONG, this::workerAnswers);
    recovered(before);
    return given;
  }

  private boolean workerAnswers() {
    String status = composer.curl().get("/api/status").body();
    return !status.contains("worker");
  }

  private void recovered(long before) {
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    slowest = took.compareTo(slowest) > 0 ? took : slowest;
    kills++;
  }

  private void killJob(String id) {
    String pattern = "^[^ ]*/java .*JobMain " + composer.lib().resolve("jobs").resolve(id) + "$";
    List<String> found = Command.must("pgrep", "-f", pattern).lines().toList();
    assertEquals(1, found.size(), "build processes of " + id);
    Command.must("kill", "-9", found.getFirst());
  }

  private Curl.Answer submit() {
    return composer.curl().postJson("/api/v1/compose?test=2", QUEUED);
  }

  private String submitted() {
    Curl.Answer answer = submit();
    assertEquals(200, answer.status(), answer.body());
    return answer.json().get("build_id").asText();
  }

  /** A compose that runs, and whose process stops where it has hardly begun. */
  private String held() {
    job.pauseAt(new Passage("JOB_BEGUN", 1));
    String id = submitted();
    composer.await("the job is held", LONG, () -> job.reached("JOB_BEGUN"));
    awaitState("RUNNING", id);
    return id;
  }

  private Curl.Answer cancel(String id) {
    return composer.curl().delete("/api/v1/compose/cancel/" + id);
  }

  private void cancelAgain(String id) {
    composer.await(
        "it is cancelled", LONG, () -> succeeded(cancel(id)) || "FAILED".equals(state(id)));
  }

  private String cancelledOf(Deque<String> waiting) {
    String id = next(waiting);
    cancelAgain(id);
    return id;
  }

  private String next(Deque<String> waiting) {
    return waiting.isEmpty() ? submitted() : waiting.removeFirst();
  }

  private Curl.Answer remove(String id) {
    return composer.curl().delete("/api/v1/compose/delete/" + id);
  }

  private static boolean succeeded(Curl.Answer answer) {
    return answer.status() == 200 && !answer.body().contains("\"errors\":[{");
  }

  private String state(String id) {
    return composer.curl().entry(id).path("queue_status").asText();
  }

  private void assertState(String expected, String id) {
    assertEquals(expected, state(id), id);
  }

  private void awaitState(String expected, String id) {
    composer.await(id + " is " + expected, LONG, () -> expected.equals(state(id)));
  }

  private void awaitListed(Set<String> ids) {
    composer.await(
        "all acknowledged composes are listed",
        LONG,
        () -> ids.stream().noneMatch(id -> state(id).isEmpty()));
  }

  private void awaitGone(String id) {
    composer.await(
        id + " is deleted",
        LONG,
        () -> {
          if (!state(id).isEmpty()) {
            remove(id);
          }
          return state(id).isEmpty() && !Files.exists(composer.results(id));
        });
  }

  /** Waits until nothing of its processes is left and the worker has noted it. */
  private void awaitCleaned(String id) {
    Path record = composer.lib().resolve("jobs").resolve(id).resolve("state.json");
    composer.await(
        id + " is cleaned up",
        LONG,
        () -> {
          try {
            JsonNode stored = Curl.parsed(Files.readString(record));
            return stored.path("state").asText().startsWith("F") && stored.path("cgroup").isNull();
          } catch (IOException e) {
            return false;
          }
        });
  }

  private Set<String> onDisk() {
    return new TreeSet<>(Command.must("ls", composer.lib().resolve("jobs")).lines().toList());
  }

  /** How often a build process of the compose began. */
  private long starts(String id) {
    return composer.log(id).lines().filter(l -> l.contains("Starting new compose")).count();
  }

  private static Set<String> missing(Set<String> passed, String... expected) {
    Set<String> missing = new TreeSet<>(List.of(expected));
    missing.removeAll(passed);
    return missing;
  }

  private void assertNothingLeft() throws IOException {
    composer.await("nothing is left", LONG, () -> Leftovers.of(composer).isEmpty());
    List<String> listed = new ArrayList<>(onDisk());
    assertEquals(
        listed,
        Command.must("ls", composer.lib().resolve("results")).lines().sorted().toList(),
        "jobs and results are of the same composes");
    states.assertLegal();
    assertFalse(
        composer.output("build-worker").contains("damaged"), composer.output("build-worker"));
  }
}
