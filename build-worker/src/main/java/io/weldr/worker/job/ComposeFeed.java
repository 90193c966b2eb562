package io.weldr.worker.job;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What one watcher has still to hear. The queue never waits for a watcher: one that falls more than
 * {@value #MOST_UNREAD} changes behind is cut off and has to begin anew.
 */
public final class ComposeFeed {
  static final int MOST_UNREAD = 4096;

  private final List<ComposeRecord> snapshot;
  private final BlockingQueue<Change> unread = new LinkedBlockingQueue<>(MOST_UNREAD);
  private volatile boolean cutOff;

  ComposeFeed(List<ComposeRecord> snapshot) {
    this.snapshot = List.copyOf(snapshot);
  }

  /** One change of the list of composes. */
  public sealed interface Change {
    /** A compose is new or has changed. */
    record Present(ComposeRecord compose) implements Change {}

    /** A compose is gone. */
    record Deleted(UUID id) implements Change {}

    /** What an administrator should know at present: all of it, one sentence each. */
    record Notices(List<String> sentences) implements Change {}
  }

  /** All composes at the moment of the subscription, oldest first. */
  public List<ComposeRecord> snapshot() {
    return snapshot;
  }

  /** The next change; empty when none came within the time. */
  public Optional<Change> next(long millis) throws InterruptedException {
    return Optional.ofNullable(unread.poll(millis, TimeUnit.MILLISECONDS));
  }

  /** Whether changes were lost because the watcher was too slow. */
  public boolean cutOff() {
    return cutOff;
  }

  void add(Change change) {
    if (!cutOff && !unread.offer(change)) {
      cutOff = true;
      unread.clear();
    }
  }
}
