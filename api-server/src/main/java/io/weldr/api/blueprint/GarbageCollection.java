package io.weldr.api.blueprint;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Repository;

/** Packs the repository in the background after every few hundred groups of commits. */
final class GarbageCollection implements AutoCloseable {
  private static final Logger LOG = System.getLogger(GarbageCollection.class.getName());
  private static final int WRITES_BETWEEN = 300;

  private final Repository repository;
  private final AtomicInteger writes = new AtomicInteger();
  private Thread running = Thread.ofVirtual().unstarted(() -> {});

  GarbageCollection(Repository repository) {
    this.repository = repository;
  }

  /** Told after each group of commits. */
  void written(int objects) {
    if (objects > 0 && writes.incrementAndGet() >= WRITES_BETWEEN) {
      start();
    }
  }

  private synchronized void start() {
    if (running.isAlive()) {
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

  private void collect() {
    try (Git git = Git.wrap(repository)) {
      git.gc().call();
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
      last = running;
    }
    try {
      last.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
