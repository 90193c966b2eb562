package io.weldr.api.compose;

import io.weldr.api.worker.WorkerCompose;
import io.weldr.api.worker.WorkerListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What composes there are, in memory: the worker tells of every change, which becomes an event.
 * Answers stay as they were while the worker is away. Thread-safe.
 */
final class ComposeCatalog implements WorkerListener {
  private static final Comparator<ComposeEntry> BY_CREATION = ComposeCatalog::byCreation;

  /** A compose this server queued is part of the worker's next message long before. */
  private static final Duration CONFIRMATION = Duration.ofSeconds(60);

  private final Function<WorkerCompose, ComposeEntry> entryOf;
  private final ComposeEvents events;
  private final Map<UUID, ComposeEntry> entries = new HashMap<>();
  private final TreeSet<ComposeEntry> byCreation = new TreeSet<>(BY_CREATION);

  /** The entries as last given out; empty when they have changed since. */
  private Optional<List<ComposeEntry>> list = Optional.empty();

  /** Queued by this server, not yet seen in the worker's messages; since when. */
  private final Map<UUID, Instant> unconfirmed = new HashMap<>();

  private List<String> notices = List.of();

  /** Those that ran when this server first heard of any. */
  private Set<UUID> ranBefore = Set.of();

  private boolean filled;

  /**
   * @param entryOf the worker's words in those of this package
   */
  ComposeCatalog(Function<WorkerCompose, ComposeEntry> entryOf, ComposeEvents events) {
    this.entryOf = entryOf;
    this.events = events;
  }

  @Override
  public void snapshot(List<WorkerCompose> composes) {
    List<ComposeEntry> present = composes.stream().map(entryOf).toList();
    synchronized (this) {
      unconfirmed.values().removeIf(since -> since.isBefore(Instant.now().minus(CONFIRMATION)));
      Set<UUID> gone = new HashSet<>(entries.keySet());
      gone.removeAll(unconfirmed.keySet());
      present.forEach(entry -> gone.remove(entry.id()));
      gone.forEach(this::remove);
      present.forEach(this::put);
      if (!filled) {
        filled = true;
        ranBefore = running().stream().map(ComposeEntry::id).collect(Collectors.toSet());
        events.reset();
      }
      notifyAll();
    }
  }

  private static int byCreation(ComposeEntry one, ComposeEntry other) {
    int order = one.created().compareTo(other.created());
    return order != 0 ? order : one.id().compareTo(other.id());
  }

  @Override
  public void changed(WorkerCompose compose) {
    ComposeEntry entry = entryOf.apply(compose);
    synchronized (this) {
      put(entry);
      notifyAll();
    }
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
  void queued(WorkerCompose compose) {
    ComposeEntry entry = entryOf.apply(compose);
    synchronized (this) {
      if (!entries.containsKey(entry.id())) {
        put(entry);
        unconfirmed.put(entry.id(), Instant.now());
      }
    }
  }

  synchronized void remove(UUID id) {
    ComposeEntry removed = entries.remove(id);
    if (removed != null) {
      byCreation.remove(removed);
      list = Optional.empty();
      events.deleted(id);
    }
    unconfirmed.remove(id);
    notifyAll();
  }

  private void put(ComposeEntry entry) {
    unconfirmed.remove(entry.id());
    ComposeEntry before = entries.put(entry.id(), entry);
    if (entry.equals(before)) {
      entries.put(entry.id(), before);
      return;
    }
    if (before != null) {
      byCreation.remove(before);
    }
    byCreation.add(entry);
    list = Optional.empty();
    if (filled) {
      tell(Optional.ofNullable(before), entry);
    }
  }

  private void tell(Optional<ComposeEntry> before, ComposeEntry entry) {
    if (before.filter(old -> old.state() == entry.state()).isEmpty()) {
      events.stateChanged(entry);
    } else if (!before.get().progress().equals(entry.progress())) {
      entry.progress().ifPresent(progress -> events.progressed(entry.id(), progress));
    }
  }

  /** Oldest first. The same list as before when nothing has changed. */
  synchronized List<ComposeEntry> entries() {
    if (list.isEmpty()) {
      list = Optional.of(List.copyOf(byCreation));
    }
    return list.get();
  }

  synchronized List<ComposeEntry> running() {
    return entries().stream().filter(entry -> entry.state() == ComposeState.RUNNING).toList();
  }

  /** Whether a compose ran before this server did. */
  synchronized boolean ranBefore(UUID id) {
    return ranBefore.contains(id);
  }

  synchronized Optional<ComposeEntry> find(UUID id) {
    return Optional.ofNullable(entries.get(id));
  }

  /** Waits until the worker has told of all composes once, but not beyond the time. */
  synchronized void awaitFirst(long nanoTime) throws InterruptedException {
    while (!filled) {
      long left = (nanoTime - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
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
