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

/**
 * Keeps as many composes running as there are slots, oldest first. A compose holds its slot until
 * nothing of its processes is left.
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
  private boolean closed;

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
    synchronized (this) {
      leftBehind.forEach(id -> hold(id, job(id)::adopt));
    }
    queue.onChange(this::fillSlots);
    fillSlots();
  }

  @Override
  public void close() throws InterruptedException {
    List<Thread> threads;
    synchronized (this) {
      closed = true;
      threads = List.copyOf(held.values());
    }
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join(STOP_LIMIT);
    }
  }

  private synchronized void fillSlots() {
    while (!closed && held.size() < slots) {
      Optional<ComposeRecord> next = queue.oldestWaiting(held.keySet());
      if (next.isEmpty()) {
        return;
      }
      hold(next.get().id(), job(next.get().id())::run);
    }
  }

  private RunningJob job(UUID id) {
    return new RunningJob(id, queue, store, policy, clock);
  }

  private void hold(UUID id, Work work) {
    Thread thread =
        Thread.ofPlatform().daemon().name("job-" + id).unstarted(() -> carryOut(id, work));
    held.put(id, thread);
    thread.start();
  }

  private void carryOut(UUID id, Work work) {
    try {
      work.run();
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
    fillSlots();
  }

  @FunctionalInterface
  private interface Work {
    void run() throws InterruptedException;
  }
}
