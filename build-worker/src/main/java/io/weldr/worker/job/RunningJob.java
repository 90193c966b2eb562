package io.weldr.worker.job;

import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.CgroupLimits.Resource;
import io.weldr.worker.spec.JobEvent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * One RUNNING compose, from the start of its process, or from the moment a new worker finds it, to
 * the removal of everything it leaves.
 */
final class RunningJob {
  private static final Logger LOG = System.getLogger(RunningJob.class.getName());
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Until it says something: the first stage is shown at once. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int MOST_ATTEMPTS = 2;

  private final UUID id;
  private final JobQueue queue;
  private final ComposeStore store;
  private final JobPolicy policy;
  private final Clock clock;
  private final JobProcess process;
  private final SignsOfLife signs;
  private EventTail events;

  /** When it started, by the clock nobody can set. */
  private OptionalLong watchedSince = OptionalLong.empty();

  /** Whether the present attempt is known to have run. */
  private boolean started;

  /** Whether the present attempt has said anything. */
  private boolean heard;

  private Optional<JobEvent> outcome = Optional.empty();

  RunningJob(UUID id, JobQueue queue, ComposeStore store, JobPolicy policy, Clock clock) {
    this.id = id;
    this.queue = queue;
    this.store = store;
    this.policy = policy;
    this.clock = clock;
    this.process = new JobProcess(id, store, policy);
    this.events = new EventTail(process.eventFile());
    this.signs = new SignsOfLife(List.of(process.eventFile(), store.logFile(id)));
  }

  /** Starts the process of a WAITING compose. */
  void start() throws InterruptedException {
    launch(ComposeState.WAITING, 1);
  }

  /** Follows a compose whose process was started, to its end; cleans up after one that ended. */
  void seeThrough() throws InterruptedException {
    running().ifPresent(this::limit);
    for (var record = running(); record.isPresent(); record = running()) {
      follow(record.get());
    }
    Optional<ComposeRecord> ended = queue.find(id);
    if (ended.isPresent()) {
      awaitExit(ended.get());
      patiently("ask it to end", () -> process.stop(ended.get()));
      patiently("clean up after it", () -> process.end(ended.get()));
      patiently("store that it is cleaned up", () -> queue.cleaned(id));
    }
  }

  /** A job of an earlier worker may have lost its limits while there was none. */
  private void limit(ComposeRecord record) {
    try {
      process.limit(record);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "compose " + id + " runs on without limits", e);
    }
  }

  private Optional<ComposeRecord> running() {
    return queue.find(id).filter(record -> record.state() == ComposeState.RUNNING);
  }

  private void follow(ComposeRecord record) throws InterruptedException {
    // First look whether it is alive, then read: what a process wrote last is not missed.
    boolean alive = alive(record);
    readEvents();
    Optional<Resource> exceeded = exceeded(record);
    if (exceeded.isPresent()) {
      // Also when it says that it finished: what did not get the memory or process may be missing.
      fail(ComposeState.RUNNING, JobFailures.exceeded(exceeded.get(), stage(), policy.limits()));
    } else if (outcome.isPresent()) {
      patiently("store its outcome", this::conclude);
    } else if (!alive) {
      afterDeath(record);
    } else if (overdue(record)) {
      fail(ComposeState.RUNNING, JobFailures.timeout(stage(), policy.limits()));
    } else if (silent()) {
      fail(ComposeState.RUNNING, JobFailures.noProgress(stage(), policy.limits()));
    } else {
      Thread.sleep(heard ? PAUSE : FIRST_PAUSE);
    }
  }

  private boolean alive(ComposeRecord record) {
    try {
      return process.alive(record);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "processes of compose " + id + " cannot be seen", e);
      return true;
    }
  }

  private Optional<Resource> exceeded(ComposeRecord record) {
    try {
      return process.exceeded(record);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "limits of compose " + id + " cannot be seen", e);
      return Optional.empty();
    }
  }

  private boolean silent() {
    try {
      return signs.silence().compareTo(policy.limits().hang()) > 0;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "files of compose " + id + " cannot be seen", e);
      return false;
    }
  }

  private boolean overdue(ComposeRecord record) {
    Duration timeout = policy.limits().timeout();
    if (watchedSince.isEmpty()) {
      long known = clock.millis() - record.startedMs().orElse(clock.millis());
      long ran = Math.clamp(known, 0, timeout.toMillis());
      watchedSince = OptionalLong.of(System.nanoTime() - Duration.ofMillis(ran).toNanos());
    }
    long ran = System.nanoTime() - watchedSince.getAsLong();
    return ran > timeout.toNanos();
  }

  private void readEvents() {
    try {
      for (JobEvent event : events.next()) {
        started = true;
        heard = true;
        apply(event);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "events of compose " + id + " cannot be read", e);
    }
  }

  private void apply(JobEvent event) {
    switch (event) {
      case JobEvent.StageStarted begun ->
          queue.progress(id, record -> record.at(progress(begun.stage(), begun.percent())));
      case JobEvent.Percent reached ->
          queue.progress(id, r -> r.at(progress(stageOf(r), reached.percent())));
      case JobEvent.StageDone done -> {
        var stage = new ComposeRecord.StageTime(done.stage(), done.millis());
        queue.progress(id, record -> record.stageDone(stage));
      }
      case JobEvent.Finished finished -> outcome = outcome.or(() -> Optional.of(finished));
      case JobEvent.Failed failed -> outcome = outcome.or(() -> Optional.of(failed));
    }
  }

  private String stage() {
    return queue.find(id).map(RunningJob::stageOf).orElse("");
  }

  private static String stageOf(ComposeRecord record) {
    return record.progress().map(ComposeRecord.Progress::stage).orElse("");
  }

  private static ComposeRecord.Progress progress(String stage, int percent) {
    return new ComposeRecord.Progress(stage, Math.clamp(percent, 0, 100));
  }

  private void conclude() throws IOException, InterruptedException {
    if (outcome.orElseThrow() instanceof JobEvent.Finished finished) {
      finish(finished);
    } else if (outcome.orElseThrow() instanceof JobEvent.Failed failed) {
      var failure =
          new ComposeRecord.Failure(failed.code(), failed.stage(), failed.message(), failed.hint());
      queue.changeIf(id, ComposeState.RUNNING, r -> r.failed(clock.millis(), failure));
    }
  }

  private void finish(JobEvent.Finished finished) throws IOException, InterruptedException {
    PublishedImage published = new PublishedImage(store.layout().result(id), finished);
    Optional<String> problem = published.problem();
    if (problem.isPresent()) {
      fail(ComposeState.RUNNING, JobFailures.internal(problem.get(), "see the compose's log"));
      return;
    }
    published.protect(store.layout().gid());
    var image =
        new ComposeRecord.Image(finished.imageName(), finished.imageSize(), finished.sha256());
    queue.changeIf(id, ComposeState.RUNNING, r -> r.finished(clock.millis(), image));
  }

  /** The process is gone and did not say why: once more, and then no more. */
  private void afterDeath(ComposeRecord record) throws InterruptedException {
    // An attempt without a sign of life does not count: the worker may have died starting it.
    int next = started ? record.attempt() + 1 : record.attempt();
    patiently("keep what it said last", () -> logLastOutput(record));
    if (next > MOST_ATTEMPTS) {
      fail(ComposeState.RUNNING, JobFailures.interrupted(stage(), MOST_ATTEMPTS));
      return;
    }
    LOG.log(Level.WARNING, "the build process of compose {0} is gone, starting it again", id);
    launch(ComposeState.RUNNING, next);
  }

  /** A process that dies without an outcome says why, if at all, where nobody else can read it. */
  private void logLastOutput(ComposeRecord record) throws IOException {
    store.log(id, clock.instant(), "the build process ended, attempt " + record.attempt());
    for (String line : process.lastOutput()) {
      store.log(id, clock.instant(), line);
    }
  }

  private void launch(ComposeState from, int attempt) throws InterruptedException {
    try {
      Optional<ComposeRecord> before = queue.find(id).filter(record -> record.state() == from);
      if (before.isEmpty()) {
        return;
      }
      process.prepare(before.get());
      events = new EventTail(process.eventFile());
      Cgroup cgroup = policy.freshCgroup(id);
      String path = cgroup.path().toString();
      // The path is stored before the cgroup exists, so that no worker can lose it.
      if (queue.changeIf(id, from, r -> r.begun(clock.millis(), path, attempt)).isPresent()) {
        heard = false;
        process.start(cgroup);
        started = true;
      }
    } catch (IOException e) {
      LOG.log(Level.ERROR, "compose " + id + " cannot be started", e);
      fail(from, JobFailures.cannotStart(e));
      fail(ComposeState.RUNNING, JobFailures.cannotStart(e));
    }
  }

  private void fail(ComposeState from, ComposeRecord.Failure failure) throws InterruptedException {
    patiently(
        "store its failure",
        () -> {
          var failed = queue.changeIf(id, from, r -> r.failed(clock.millis(), failure));
          if (failed.isPresent()) {
            store.log(id, clock.instant(), failure.message());
          }
        });
  }

  /** After its last event a job has a moment to end by itself. */
  private void awaitExit(ComposeRecord record) throws InterruptedException {
    long deadline = System.nanoTime() + GRACE.toNanos();
    while (outcome.isPresent() && alive(record) && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE.dividedBy(5));
    }
  }

  /** Tries until it works: what runs as root is never left half done for want of space. */
  private void patiently(String what, Step step) throws InterruptedException {
    while (true) {
      try {
        step.run();
        return;
      } catch (IOException e) {
        LOG.log(Level.ERROR, "compose " + id + ": cannot " + what + ", trying again", e);
        Thread.sleep(RETRY);
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException, InterruptedException;
  }
}
