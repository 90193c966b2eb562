package io.weldr.worker.job;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which compose starts next. Submitters take turns, so that one who queues a hundred composes does
 * not keep the others waiting for all of them: a free slot goes to the submitter who holds the
 * fewest slots, among those to the one whose last turn is longest ago, and there to the oldest
 * compose. With one submitter this is first come, first served.
 *
 * <p>The order follows from the composes alone, so it is the same after a restart.
 */
final class FairOrder {
  private final Map<Long, Integer> slotsHeld = new HashMap<>();
  private final Map<Long, Long> lastTurn = new HashMap<>();
  private final Collection<ComposeRecord> composes;
  private final Set<UUID> holding;

  /**
   * @param composes all there are, oldest first
   * @param holding those that hold a slot
   */
  FairOrder(Collection<ComposeRecord> composes, Set<UUID> holding) {
    this.composes = composes;
    this.holding = holding;
    for (ComposeRecord compose : composes) {
      long submitter = compose.claim().submitter();
      if (holding.contains(compose.id())) {
        slotsHeld.merge(submitter, 1, Integer::sum);
      }
      compose.startedMs().ifPresent(start -> lastTurn.merge(submitter, start, Math::max));
    }
  }

  /** The compose for the next free slot; empty when none waits. */
  Optional<ComposeRecord> next() {
    // min() keeps the first of equals, which is the oldest.
    return composes.stream()
        .filter(compose -> compose.state() == ComposeState.WAITING)
        .filter(compose -> !holding.contains(compose.id()))
        .min(
            Comparator.comparingInt((ComposeRecord it) -> slotsHeld.getOrDefault(submitter(it), 0))
                .thenComparingLong(it -> lastTurn.getOrDefault(submitter(it), 0L)));
  }

  private static long submitter(ComposeRecord compose) {
    return compose.claim().submitter();
  }
}
