package io.weldr.worker.job;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Keeps as many composes running as there are slots, in {@link FairOrder}. A compose holds its slot
 * until nothing of its processes is left.
 *
 * <p>Ending the supervisor ends no job: the next worker adopts them.
 */
public final class Supervisor implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Supervisor.class.getName());

  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final JobQueue queue;
  private final ComposeStore store;
  private final JobPolicy policy;
  private final Clock clock;
  private final int slots;
  private final Map<UUID, Thread> held = new HashMap<>();
  private final ExecutorService starter =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("supervisor").factory());

  Supervisor(JobQueue queue, ComposeStore store, JobPolicy policy, Clock clock, int slots) {
    this.queue = queue;
    this.store = store;
    this.policy = policy;
    this.clock = clock;
    this.slots = slots;
  }

  public int slots() {
    return slots;
  }

  /** Takes over what an earlier worker left, then starts composes whenever a slot is free. */
  void start(List<UUID> leftBehind) {
    leftBehind.forEach(id -> hold(id, job(id)));
    queue.onChange(this::wake);
    wake();
  }

  /** Stops supervising and waits until nothing is changed any more. */
  @Override
  public void close() throws InterruptedException {
    starter.shutdownNow();
    starter.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    List<Thread> threads;
    synchronized (this) {
      threads = List.copyOf(held.values());
    }
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join(STOP_LIMIT);
    }
  }

  private void wake() {
    try {
      starter.execute(this::fillSlots);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "closed: the next worker starts what waits", e);
    }
  }

  /** Runs on one thread, so that composes start in the order of the queue. */
  private void fillSlots() {
    try {
      for (var next = next(); next.isPresent(); next = next()) {
        RunningJob job = job(next.get().id());
        job.start();
        hold(next.get().id(), job);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "composes cannot be started; restart the worker", e);
    }
  }

  private synchronized Optional<ComposeRecord> next() {
    return held.size() < slots ? queue.nextWaiting(held.keySet()) : Optional.empty();
  }

  private RunningJob job(UUID id) {
    return new RunningJob(id, queue, store, policy, clock);
  }

  private synchronized void hold(UUID id, RunningJob job) {
    Thread thread =
        Thread.ofPlatform().daemon().name("job-" + id).unstarted(() -> carryOut(id, job));
    held.put(id, thread);
    thread.start();
  }

  private void carryOut(UUID id, RunningJob job) {
    try {
      job.seeThrough();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "supervision of compose " + id + " failed; restart the worker", e);
    } finally {
      release(id);
    }
  }

  private void release(UUID id) {
    synchronized (this) {
      held.remove(id);
    }
    wake();
  }
}
