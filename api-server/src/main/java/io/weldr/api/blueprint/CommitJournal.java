package io.weldr.api.blueprint;

import io.weldr.api.store.DurableFiles;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes commits durable with one fsync, however many there are. Git's own files are written right
 * after, without fsync; a thread makes them durable soon and then empties the journal. What a power
 * cut left in the journal is put into git's files at the next start.
 *
 * <p>Two segments take turns: one is written while the other is settled. Only one thread may
 * append.
 */
final class CommitJournal implements AutoCloseable {
  private static final Logger LOG = System.getLogger(CommitJournal.class.getName());

  /** How long git's own files may be without fsync. */
  private static final long DELAY_MILLIS = 1_000;

  /** Bytes of a segment that make it be settled earlier, and that make writers wait for it. */
  private static final long ENOUGH = 1 << 20;

  private static final long MOST = 16 << 20;

  private final Settling settling;
  private final Thread thread;
  private JournalSegment active;
  private JournalSegment resting;
  private long appended;
  private long settled;
  private boolean urgent;
  private boolean closed;
  private Optional<Exception> failure = Optional.empty();

  /**
   * Puts what a segment holds into git's own files, durably; may be asked again after a failure.
   */
  @FunctionalInterface
  interface Settling {
    void settle(JournalSegment segment) throws IOException;
  }

  private CommitJournal(JournalSegment active, JournalSegment resting, Settling settling) {
    this.active = active;
    this.resting = resting;
    this.settling = settling;
    this.thread = Thread.ofPlatform().name("blueprint-journal").daemon().start(this::run);
  }

  /**
   * Opens the journal.
   *
   * @param directory made when it does not exist
   * @param recovery puts what an earlier process left into git's files
   * @param settling does the same with what this process has written
   */
  static CommitJournal open(Path directory, Settling recovery, Settling settling)
      throws IOException {
    DurableFiles.createDirectories(directory);
    List<JournalSegment> segments = new ArrayList<>();
    try {
      for (String name : List.of("0", "1")) {
        segments.add(JournalSegment.open(directory.resolve(name)));
      }
      DurableFiles.syncDirectory(directory);
      segments.sort(Comparator.comparingLong(JournalSegment::epoch));
      for (JournalSegment segment : segments) {
        if (!segment.isEmpty()) {
          LOG.log(
              Level.INFO,
              "recovering {0} changes of blueprints from the journal",
              segment.refs().size());
          recovery.settle(segment);
        }
        segment.clear(epochAfter(segments.getLast().epoch()));
      }
      return new CommitJournal(segments.getFirst(), segments.getLast(), settling);
    } catch (IOException | RuntimeException e) {
      for (JournalSegment segment : segments) {
        segment.close();
      }
      throw e;
    }
  }

  private static long epochAfter(long epoch) {
    return Math.max(epoch + 1, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
  }

  /** Makes a group of changes durable; {@link JournalSegment#append} says what they are. */
  synchronized void append(
      List<GitObject> objects, List<RefChange> changes, Optional<String> packCopy)
      throws IOException {
    while (active.isBroken() || active.size() > MOST) {
      if (failure.isPresent()) {
        throw new IOException("cannot write the blueprint repository", failure.get());
      }
      await(0);
    }
    try {
      active.append(objects, changes, packCopy);
    } finally {
      appended++;
      urgent |= active.isBroken() || active.size() > ENOUGH;
      notifyAll();
    }
  }

  /** Waits until everything that was appended is in git's own files, durably. */
  synchronized void settle() throws IOException {
    long wanted = appended;
    urgent = settled < wanted;
    notifyAll();
    while (settled < wanted) {
      if (failure.isPresent()) {
        throw new IOException("cannot write the blueprint repository", failure.get());
      }
      await(0);
    }
  }

  private void run() {
    while (true) {
      JournalSegment filled;
      long upTo;
      synchronized (this) {
        while (active.isEmpty() && !closed) {
          await(0);
        }
        if (active.isEmpty()) {
          return;
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DELAY_MILLIS);
        for (long left = DELAY_MILLIS;
            left > 0 && !urgent && !closed;
            left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
          await(left);
        }
        urgent = false;
        filled = active;
        upTo = appended;
        active = resting;
        resting = filled;
      }
      if (!settle(filled, upTo)) {
        return;
      }
    }
  }

  /** Tries until it works; false when the journal was closed and it did not. */
  private boolean settle(JournalSegment filled, long upTo) {
    while (true) {
      Optional<Exception> problem = Optional.empty();
      try {
        settling.settle(filled);
        filled.clear(epochAfter(filled.epoch()));
      } catch (IOException | RuntimeException e) {
        problem = Optional.of(e);
      }
      synchronized (this) {
        if (problem.isPresent() && failure.isEmpty()) {
          LOG.log(Level.WARNING, "cannot write the blueprint repository", problem.get());
        }
        failure = problem;
        notifyAll();
        if (problem.isEmpty()) {
          settled = upTo;
          return true;
        }
        if (closed) {
          // It stays in the journal for the next start.
          return false;
        }
        await(DELAY_MILLIS);
      }
    }
  }

  /** As {@link Object#wait(long)}, for as long as it takes: nobody interrupts these threads. */
  private synchronized void await(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "interrupted");
    }
  }

  /** Puts everything into git's own files and ends. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    active.close();
    resting.close();
  }
}
