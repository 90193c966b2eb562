package io.weldr.api.compose;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The latest events of all composes, in a buffer of bounded size. Whoever reads more slowly than
 * things happen loses the oldest events and is told so; nobody waits for a reader. Thread-safe.
 *
 * <p>Sequence numbers begin with the microseconds since the epoch at which this server started, so
 * they also grow from one run of the server to the next: a number of an earlier run is older than
 * everything in the buffer and reads as lost.
 */
public final class ComposeEvents implements AutoCloseable {
  /** What all events together may weigh, about in bytes. */
  private static final long MOST_WEIGHT = 4L << 20;

  /** What an event weighs besides the text of its lines. */
  private static final int BASE_WEIGHT = 600;

  private static final int LARGEST_BATCH = 64;
  static final int MOST_READERS = 16;

  private final TreeMap<Long, ComposeEvent> buffer = new TreeMap<>();
  private final long mostWeight;
  private long weight;

  /** The newest event that is not in the buffer any more. */
  private long dropped;

  private long latest;
  private int readers;
  private boolean closed;

  public ComposeEvents() {
    this(Instant.now(), MOST_WEIGHT);
  }

  ComposeEvents(Instant start, long mostWeight) {
    this.mostWeight = mostWeight;
    latest = start.getEpochSecond() * 1_000_000 + start.getNano() / 1_000;
    dropped = latest;
  }

  /**
   * What came next.
   *
   * @param lost the events up to {@code last} cannot be given any more; there are none in here
   * @param last the sequence number to go on from
   * @param closed nothing will come any more
   */
  public record Batch(List<ComposeEvent> events, boolean lost, long last, boolean closed) {
    public Batch {
      events = List.copyOf(events);
    }
  }

  /** One who reads; reading costs the others nothing. */
  public final class Reader implements AutoCloseable {
    private Optional<Long> position;

    private Reader(Optional<Long> after) {
      position = after;
    }

    /**
     * Where reading goes on, {@link Batch#lost} if not where it was asked for; has no events. Call
     * it once, first.
     */
    public Batch begin() {
      synchronized (ComposeEvents.this) {
        long asked = position.orElse(latest);
        // Of an earlier number what is kept follows, of one that was never given nothing does.
        long from = asked > latest ? latest : Math.max(asked, dropped);
        position = Optional.of(from);
        return new Batch(List.of(), from != asked, from, closed);
      }
    }

    /** Waits for events; without any after the time. */
    public Batch next(Duration patience) throws InterruptedException {
      Batch next = after(position.orElseThrow(), patience);
      position = Optional.of(next.last());
      return next;
    }

    @Override
    public void close() {
      synchronized (ComposeEvents.this) {
        readers--;
      }
    }
  }

  /**
   * Begins to read.
   *
   * @param after the sequence number of the last event that is known; from now on when empty
   * @return empty when {@value #MOST_READERS} read already
   */
  public synchronized Optional<Reader> read(Optional<Long> after) {
    if (readers == MOST_READERS) {
      return Optional.empty();
    }
    readers++;
    return Optional.of(new Reader(after));
  }

  private boolean known(long sequence) {
    return sequence >= dropped && sequence <= latest;
  }

  private synchronized Batch after(long sequence, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (sequence == latest && !closed) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    if (!known(sequence)) {
      return new Batch(List.of(), true, latest, closed);
    }
    List<ComposeEvent> events = new ArrayList<>();
    for (ComposeEvent event : buffer.tailMap(sequence, false).values()) {
      if (events.size() == LARGEST_BATCH) {
        break;
      }
      events.add(event);
    }
    long last = events.isEmpty() ? latest : events.getLast().sequence();
    return new Batch(events, false, last, closed && last == latest);
  }

  synchronized void stateChanged(ComposeEntry entry) {
    add(new ComposeEvent.StateChanged(latest + 1, Instant.now(), entry), 0);
  }

  synchronized void progressed(UUID id, Progress progress) {
    add(new ComposeEvent.Progressed(latest + 1, Instant.now(), id, progress), 0);
  }

  synchronized void logged(UUID id, List<String> lines) {
    add(new ComposeEvent.Logged(latest + 1, Instant.now(), id, lines), textWeight(lines));
  }

  synchronized void deleted(UUID id) {
    add(new ComposeEvent.Deleted(latest + 1, Instant.now(), id), 0);
  }

  /** So much changed at once that all who read have to begin anew. */
  synchronized void reset() {
    buffer.clear();
    weight = 0;
    latest++;
    dropped = latest;
    notifyAll();
  }

  private void add(ComposeEvent event, long text) {
    latest = event.sequence();
    buffer.put(latest, event);
    weight += BASE_WEIGHT + text;
    while (weight > mostWeight) {
      Map.Entry<Long, ComposeEvent> oldest = buffer.pollFirstEntry();
      dropped = oldest.getKey();
      weight -= BASE_WEIGHT + weightOf(oldest.getValue());
    }
    notifyAll();
  }

  private static long weightOf(ComposeEvent event) {
    return event instanceof ComposeEvent.Logged logged ? textWeight(logged.lines()) : 0;
  }

  private static long textWeight(List<String> lines) {
    return lines.stream().mapToLong(line -> line.length() + 64L).sum();
  }

  /** Those who read are told what is left, then the end. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
