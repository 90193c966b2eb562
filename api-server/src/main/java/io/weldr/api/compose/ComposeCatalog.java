package io.weldr.api.compose;

import io.weldr.api.worker.WorkerCompose;
import io.weldr.api.worker.WorkerListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What composes there are, in memory: the worker tells of every change. Answers stay as they were
 * while the worker is away. Thread-safe.
 */
final class ComposeCatalog implements WorkerListener {
  private static final Comparator<ComposeEntry> BY_CREATION =
      Comparator.comparing(ComposeEntry::created).thenComparing(ComposeEntry::id);

  /** A compose this server queued is part of the worker's next message long before. */
  private static final Duration CONFIRMATION = Duration.ofSeconds(60);

  private final Map<UUID, ComposeEntry> entries = new HashMap<>();

  /** Queued by this server, not yet seen in the worker's messages; since when. */
  private final Map<UUID, Instant> unconfirmed = new HashMap<>();

  private List<String> notices = List.of();

  @Override
  public synchronized void snapshot(List<WorkerCompose> composes) {
    unconfirmed.values().removeIf(since -> since.isBefore(Instant.now().minus(CONFIRMATION)));
    entries.keySet().retainAll(unconfirmed.keySet());
    composes.forEach(this::put);
    notifyAll();
  }

  @Override
  public synchronized void changed(WorkerCompose compose) {
    put(compose);
    notifyAll();
  }

  @Override
  public synchronized void deleted(UUID id) {
    remove(id);
  }

  @Override
  public synchronized void notices(List<String> sentences) {
    notices = sentences;
  }

  /** What the worker wants an administrator to know, as it said last. */
  synchronized List<String> notices() {
    return notices;
  }

  /** A compose the worker accepted; its messages may have been faster. */
  synchronized void queued(WorkerCompose compose) {
    if (!entries.containsKey(compose.id())) {
      entries.put(compose.id(), ComposeEntries.of(compose));
      unconfirmed.put(compose.id(), Instant.now());
    }
  }

  synchronized void remove(UUID id) {
    entries.remove(id);
    unconfirmed.remove(id);
    notifyAll();
  }

  private void put(WorkerCompose compose) {
    entries.put(compose.id(), ComposeEntries.of(compose));
    unconfirmed.remove(compose.id());
  }

  /** Oldest first. */
  synchronized List<ComposeEntry> entries() {
    return entries.values().stream().sorted(BY_CREATION).toList();
  }

  synchronized Optional<ComposeEntry> find(UUID id) {
    return Optional.ofNullable(entries.get(id));
  }

  /** Waits until the entry is as wanted or gone, but not longer than the limit. */
  synchronized void await(UUID id, Predicate<ComposeEntry> wanted, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (find(id).filter(wanted.negate()).isPresent()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }
}
