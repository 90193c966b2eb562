package io.weldr.api.compose;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Something that happened to a compose, in the order of {@link #sequence}. A compose that becomes
 * FINISHED or FAILED may still be followed by the last lines of its log.
 */
public sealed interface ComposeEvent {
  /** Grows by one with each event. */
  long sequence();

  /** When this server heard of it. */
  Instant time();

  /** A compose is new, or its state is another one. */
  record StateChanged(long sequence, Instant time, ComposeEntry entry) implements ComposeEvent {}

  /** A running compose is in another stage or has come further. */
  record Progressed(long sequence, Instant time, UUID id, Progress progress)
      implements ComposeEvent {}

  /** Lines were added to the log, without their line ends. */
  record Logged(long sequence, Instant time, UUID id, List<String> lines) implements ComposeEvent {
    public Logged {
      lines = List.copyOf(lines);
    }
  }

  /** A compose is gone with all its files. */
  record Deleted(long sequence, Instant time, UUID id) implements ComposeEvent {}
}
