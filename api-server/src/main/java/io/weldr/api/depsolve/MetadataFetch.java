package io.weldr.api.depsolve;

import io.weldr.api.depsolve.DepsolveException.Reason;
import io.weldr.api.source.Source;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Fetches metadata that a request cannot do without, in an adapter process of its own: a server
 * that is slow delays those who need it and nobody else. Thread-safe.
 */
final class MetadataFetch {
  /** Every process may take as much memory as a solver. */
  private static final int MOST_AT_ONCE = 4;

  private final Adapter adapter;
  private final Duration patience;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);

  /**
   * @param patience how long servers, and others who fetch, may take
   */
  MetadataFetch(Adapter adapter, Duration patience) {
    this.adapter = adapter;
    this.patience = patience;
  }

  /**
   * Fetches what is older.
   *
   * @throws DepsolveException when one of the sources cannot be fetched
   */
  void fetch(List<Source> sources, Duration oldest) throws DepsolveException {
    try {
      if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new DepsolveException(
            Reason.SOURCE,
            "Package servers are slow: %d requests wait for their metadata; try again later"
                .formatted(MOST_AT_ONCE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DepsolveException(Reason.INTERNAL, "interrupted", e);
    }
    try (AdapterProcess process = adapter.serve()) {
      String request = AdapterMessages.renewAll(1, sources, oldest);
      AdapterMessages.result(process.ask(request, patience), 1);
    } catch (AdapterException e) {
      throw new DepsolveException(Reason.INTERNAL, e.getMessage(), e);
    } finally {
      places.release();
    }
  }
}
