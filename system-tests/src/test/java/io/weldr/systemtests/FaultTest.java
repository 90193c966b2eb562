package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.weldr.systemtests.Failpoints.Passage;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Both programs under failpoints, with one small repository, for tests that kill or fail them. */
abstract class FaultTest {
  static final Duration LONG = ComposeSteps.LONG;

  final TinyRepository repository = TinyRepository.shared();
  RunningComposer composer;
  ComposeSteps steps;
  Failpoints worker;
  Failpoints job;
  Failpoints api;

  private Duration slowest = Duration.ZERO;
  private int kills;

  @BeforeEach
  void start() {
    composer =
        RunningComposer.underFailpoints(
            repository.source(),
            "slots = 1",
            "test_compose_seconds = 0",
            "max_queue = 200",
            "xz_level = 0");
    worker = composer.failpoints("worker");
    job = composer.failpoints("job");
    api = composer.failpoints("api");
    steps = ComposeSteps.of(composer);
    composer.await("api-server hears of the worker", LONG, this::workerAnswers);
  }

  @AfterEach
  void stop() {
    composer.close();
    if (kills > 0) {
      System.out.printf(
          "%s: %d kills, the slowest recovery took %s%n",
          getClass().getSimpleName(), kills, slowest);
    }
  }

  /** Does something that takes the worker to a passage, and kills it there. */
  final CompletableFuture<Curl.Answer> untilWorkerDies(
      Passage passage, Supplier<Curl.Answer> action) {
    worker.pauseAt(passage);
    CompletableFuture<Curl.Answer> answer = asynchronously(action);
    composer.await(passage + " is reached", LONG, () -> worker.reached(passage.point()));
    RunningComposer.kill(composer.worker());
    worker.clear();
    return answer;
  }

  /** Kills the worker at a passage of what is done and starts it again; what was answered. */
  final Curl.Answer killingWorker(Passage passage, Supplier<Curl.Answer> action) {
    CompletableFuture<Curl.Answer> answer = untilWorkerDies(passage, action);
    long before = System.nanoTime();
    composer.startWorker();
    Curl.Answer given = answer.join();
    composer.await("the worker answers again", LONG, this::workerAnswers);
    recovered(before);
    return given;
  }

  /** As {@link #killingWorker} with api-server. */
  final Curl.Answer killingApi(Passage passage, Supplier<Curl.Answer> action) {
    api.pauseAt(passage);
    CompletableFuture<Curl.Answer> answer = asynchronously(action);
    composer.await(passage + " is reached", LONG, () -> api.reached(passage.point()));
    RunningComposer.kill(composer.api());
    Curl.Answer given = answer.join();
    api.clear();
    long before = System.nanoTime();
    composer.startApi();
    recovered(before);
    return given;
  }

  static CompletableFuture<Curl.Answer> asynchronously(Supplier<Curl.Answer> action) {
    return CompletableFuture.supplyAsync(action, Thread::startVirtualThread);
  }

  final boolean workerAnswers() {
    String status = composer.curl().get("/api/status").body();
    return !status.contains("does not answer");
  }

  /** Counts a kill, after which all was well again. */
  final void recovered(long before) {
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    slowest = took.compareTo(slowest) > 0 ? took : slowest;
    kills++;
  }

  /** Expected points that were not passed: the test would show nothing of them. */
  static Set<String> missing(Set<String> passed, String... expected) {
    Set<String> missing = new TreeSet<>(Set.of(expected));
    missing.removeAll(passed);
    return missing;
  }

  final void assertNothingLeft() {
    steps.assertNothingLeft();
    String said = composer.output("build-worker");
    assertFalse(said.contains("damaged"), said);
  }
}
