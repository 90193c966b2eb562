package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FairOrderTest {
  private final List<ComposeRecord> composes = new ArrayList<>();
  private final Set<UUID> holding = new HashSet<>();
  private long clock;

  @Test
  void oneSubmitterIsServedFirstComeFirstServed() {
    submit(1, 1, 1, 1);
    assertEquals(List.of(1L, 2L, 3L, 4L), startAllOneAtATime());
  }

  @Test
  void submittersTakeTurnsWhateverTheirNumberOfComposes() {
    submit(1, 1, 1, 1, 2, 2, 3);
    assertEquals(List.of(1L, 5L, 7L, 2L, 6L, 3L, 4L), startAllOneAtATime());
  }

  @Test
  void whoComesLaterDoesNotWaitForAllThatWereThere() {
    submit(1, 1, 1);
    start();
    submit(2);
    assertEquals(4, start());
    assertEquals(2, start());
  }

  @Test
  void aFreeSlotGoesToWhoHoldsFewest() {
    submit(1, 1, 2, 2);
    ComposeRecord first = hold();
    assertEquals(1, first.sequence());
    assertEquals(3, hold().sequence());
    // Submitter 1 had the earlier turn, but still has its slot; submitter 2 has not.
    holding.removeIf(id -> !id.equals(first.id()));
    assertEquals(4, hold().sequence());
  }

  @Test
  void whatIsJustBeingStartedIsNotStartedTwice() {
    submit(1);
    holding.add(composes.getFirst().id());
    assertEquals(Optional.empty(), new FairOrder(composes, holding).next());
  }

  private void submit(long... submitters) {
    for (long submitter : submitters) {
      composes.add(waiting(composes.size() + 1L, new Claim(submitter, 0, 0)));
    }
  }

  private List<Long> startAllOneAtATime() {
    List<Long> order = new ArrayList<>();
    while (composes.stream().anyMatch(compose -> compose.state() == ComposeState.WAITING)) {
      order.add(start());
    }
    return order;
  }

  private long start() {
    ComposeRecord started = hold();
    holding.remove(started.id());
    return started.sequence();
  }

  private ComposeRecord hold() {
    ComposeRecord next = new FairOrder(composes, holding).next().orElseThrow();
    clock++;
    composes.replaceAll(each -> each.equals(next) ? next.begun(clock, "/cgroup", 1) : each);
    holding.add(next.id());
    return next;
  }

  static ComposeRecord waiting(long sequence, Claim claim) {
    return ComposeRecord.waiting(TestJobs.job("b"), sequence, "", 1, claim);
  }
}
