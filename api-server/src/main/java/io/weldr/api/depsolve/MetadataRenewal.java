package io.weldr.api.depsolve;

import io.weldr.api.source.Source;
import io.weldr.api.source.SourceStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the metadata that solutions are made from up to date, in an adapter process of its own, so
 * that nobody waits for servers: at start, when it is too old, and when the sources change. A
 * source that fails leaves the metadata as it was.
 */
final class MetadataRenewal implements AutoCloseable {
  private static final Logger LOG = System.getLogger(MetadataRenewal.class.getName());

  /** Also how soon a source that failed is tried again. */
  private static final Duration ROUND = Duration.ofMinutes(10);

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Adapter adapter;
  private final SourceStore sources;
  private final Duration freshness;
  private final Listener listener;
  private final Semaphore changes = new Semaphore(0);
  private final Thread thread;

  /** Told after each renewal, with the sources it was for. */
  interface Listener {
    void renewed(List<Source> sources) throws DepsolveException;
  }

  /**
   * Begins at once.
   *
   * @param freshness metadata that is older is fetched again
   */
  MetadataRenewal(Adapter adapter, SourceStore sources, Duration freshness, Listener listener) {
    this.adapter = adapter;
    this.sources = sources;
    this.freshness = freshness;
    this.listener = listener;
    thread = Thread.ofVirtual().name("metadata-renewal").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.interrupted()) {
        renew(sources.list());
        changes.tryAcquire(ROUND.toSeconds(), TimeUnit.SECONDS);
        changes.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew(List<Source> present) {
    if (present.isEmpty()) {
      return;
    }
    try (AdapterProcess process = adapter.serve()) {
      String request = AdapterMessages.renew(1, present, freshness);
      AdapterMessages.result(process.ask(request, PATIENCE), 1);
      listener.renewed(present);
    } catch (AdapterException | DepsolveException e) {
      // The list of packages meets the same source, and reports it in the status.
      LOG.log(Level.INFO, "Metadata was not renewed: {0}", e.getMessage());
    }
  }

  /** Looks at the sources again, soon. */
  void sourcesChanged() {
    changes.release();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
