package io.weldr.worker.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Moments at which a test may stop this process or make it fail: before and after every fsync,
 * rename, mount, start of a process, and change of state. A point is passed by {@link #hit}, which
 * does nothing unless the system property {@value #PROPERTY} names a directory. In that directory
 *
 * <ul>
 *   <li>file {@code NAME} with text {@code PAUSE n} stops the thread that passes the point the n-th
 *       time from then on: the file is renamed to {@code NAME.reached}, and the thread goes on when
 *       that is removed. The test kills the process meanwhile, or copies its disk;
 *   <li>file {@code NAME} with text {@code FAIL n} is removed and makes that passage fail as a full
 *       disk would;
 *   <li>a file {@code record} gets a line {@code NAME} for every passage.
 * </ul>
 *
 * <p>Security: the property is given on the command line of the JVM, which only whoever starts the
 * process writes, and who could have it run any other code. No configuration, no request and no
 * file turns failpoints on.
 */
public enum Failpoint {
  FILE_BEFORE_SYNC,
  FILE_SYNCED,
  BEFORE_RENAME,
  RENAMED,
  DIRECTORY_BEFORE_SYNC,
  DIRECTORY_SYNCED,
  BEFORE_REMOVE,
  REMOVED,
  AUDIT_BEFORE_SYNC,
  AUDIT_SYNCED,
  AUDIT_BEFORE_RENAME,
  AUDIT_RENAMED,
  BEFORE_ACCEPTANCE,
  ACCEPTED,
  BEFORE_CHANGE,
  CHANGE_STORED,
  CHANGED,
  BEFORE_DELETION,
  DELETED,
  PURGED,
  BEFORE_CGROUP,
  CGROUP_MADE,
  JOB_STARTED,
  BEFORE_KILL,
  KILLED,
  BEFORE_CLEANED,
  CLEANED,
  BEFORE_INDEX,
  INDEXED,
  JOB_BEGUN,
  BEFORE_MOUNT,
  MOUNTED,
  BEFORE_PROGRAM,
  PROGRAM_STARTED,
  BEFORE_CACHED,
  CACHED,
  BEFORE_EVENT,
  EVENT_WRITTEN,
  EVENT_SYNCED,
  BEFORE_PUBLISH,
  PUBLISHED;

  /** Name of the system property. */
  public static final String PROPERTY = "io.weldr.failpoints";

  private static final boolean ENABLED = System.getProperty(PROPERTY) != null;
  private static final long LOOK = Duration.ofMillis(2).toNanos();

  private final AtomicInteger passages = new AtomicInteger();

  /** Where failpoints are turned on in this process; empty when they are off. */
  public static Optional<Path> directory() {
    return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of);
  }

  /**
   * Passes the point.
   *
   * @throws IOException when a test asked for it
   */
  public void hit() throws IOException {
    if (ENABLED) {
      pass(directory().orElseThrow());
    }
  }

  private void pass(Path directory) throws IOException {
    record(directory.resolve("record"));
    Path armed = directory.resolve(name());
    String[] order;
    try {
      order = Files.readString(armed).strip().split(" ", 2);
    } catch (NoSuchFileException e) {
      passages.set(0);
      return;
    }
    if (passages.incrementAndGet() != Integer.parseInt(order[1])) {
      return;
    }
    passages.set(0);
    Path reached = directory.resolve(name() + ".reached");
    Files.move(armed, reached, StandardCopyOption.ATOMIC_MOVE);
    if (order[0].equals("FAIL")) {
      Files.delete(reached);
      throw new IOException(name() + ": No space left on device (failpoint)");
    }
    while (Files.exists(reached) && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK);
    }
  }

  private void record(Path file) throws IOException {
    try {
      Files.writeString(file, name() + "\n", StandardOpenOption.APPEND);
    } catch (NoSuchFileException e) {
      // Nobody records.
      return;
    }
  }
}
