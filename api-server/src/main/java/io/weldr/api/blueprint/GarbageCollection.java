package io.weldr.api.blueprint;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.eclipse.jgit.api.errors.GitAPIException;

/**
 * Packs the repository in the background. Packing reads everything, so the larger the repository,
 * the longer it waits: the cost per commit stays the same.
 */
final class GarbageCollection implements AutoCloseable {
  private static final Logger LOG = System.getLogger(GarbageCollection.class.getName());

  private static final int OBJECTS_PER_WRITE = 20;

  /** Git itself lets 6,700 gather. */
  private static final int MOST_LOOSE = 6_000;

  /** Of 256 directories of loose objects, this is the one that is counted, as git does. */
  private static final String SAMPLE = "17";

  private static final int MOST_IN_SAMPLE = 20;

  /** As git itself. */
  private static final int MOST_PACKS = 50;

  private final GitStore git;
  private final Runnable alongside;
  private final AtomicInteger writes = new AtomicInteger();
  private volatile long writesBetween;
  private boolean closed;
  private Thread running = Thread.ofVirtual().unstarted(() -> {});

  /**
   * Starts nothing yet.
   *
   * @param alongside something else that is worth doing as rarely; run in the background too
   */
  GarbageCollection(GitStore git, Runnable alongside) {
    this.git = git;
    this.alongside = alongside;
  }

  /** Packs what earlier processes left, if it is much. */
  void afterOpening() throws IOException {
    Path objects = git.directory().resolve("objects");
    if (count(objects.resolve(SAMPLE), "*") > MOST_IN_SAMPLE
        || count(objects.resolve("pack"), "*.pack") > MOST_PACKS) {
      start();
    }
  }

  private static long count(Path directory, String glob) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
      return StreamSupport.stream(files.spliterator(), false).count();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Told after each group of commits. */
  void written(int objects) {
    if (objects > 0
        && writes.incrementAndGet() >= writesBetween
        && (git.looseObjects() > MOST_LOOSE || git.packs() > MOST_PACKS)) {
      start();
    }
  }

  private synchronized void start() {
    if (closed || running.isAlive()) {
      return;
    }
    writes.set(0);
    running =
        Thread.ofPlatform()
            .name("blueprint-gc")
            .daemon()
            .priority(Thread.MIN_PRIORITY)
            .start(this::collect);
  }

  /** Packs now; errors are logged. */
  void collect() {
    try {
      writesBetween = git.collectGarbage() / OBJECTS_PER_WRITE;
      alongside.run();
      LOG.log(Level.DEBUG, "packed the blueprint repository");
    } catch (GitAPIException | RuntimeException e) {
      // Nothing is lost: the repository only stays larger, and the next one may succeed.
      LOG.log(Level.WARNING, "cannot pack the blueprint repository", e);
    }
  }

  @Override
  public void close() {
    Thread last;
    synchronized (this) {
      closed = true;
      last = running;
    }
    try {
      last.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
