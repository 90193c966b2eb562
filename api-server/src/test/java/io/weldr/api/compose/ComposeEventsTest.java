package io.weldr.api.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.compose.ComposeEvents.Batch;
import io.weldr.api.compose.ComposeEvents.Reader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ComposeEventsTest {
  private static final Instant START = Instant.parse("2026-11-23T00:00:00.000001Z");
  private static final long FIRST = START.getEpochSecond() * 1_000_000 + 1;
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final UUID ID = UUID.randomUUID();

  private final ComposeEvents events = new ComposeEvents(START, 10_000);

  private Reader reader(Long... after) {
    return events.read(List.of(after).stream().findFirst()).orElseThrow();
  }

  @Test
  void numbersBeginWithTheTimeOfTheStartAndGrowByOne() throws InterruptedException {
    Reader reader = reader();
    assertEquals(new Batch(List.of(), false, FIRST, false), reader.begin());
    events.deleted(ID);
    events.progressed(ID, new Progress("install", 5));
    Batch batch = reader.next(LONG);
    assertEquals(
        List.of(FIRST + 1, FIRST + 2),
        batch.events().stream().map(ComposeEvent::sequence).toList());
    assertEquals(FIRST + 2, batch.last());
  }

  @Test
  void aReaderGoesOnBehindTheEventItKnows() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      events.deleted(ID);
    }
    Reader reader = reader(FIRST + 3);
    assertEquals(new Batch(List.of(), false, FIRST + 3, false), reader.begin());
    assertEquals(FIRST + 4, reader.next(LONG).events().getFirst().sequence());
    assertEquals(List.of(), reader.next(SOON).events());
  }

  @Test
  void behindANumberOfAnEarlierRunComesAllThatIsKept() throws InterruptedException {
    events.deleted(ID);
    for (long after : List.of(0L, FIRST - 1)) {
      Reader reader = reader(after);
      assertEquals(new Batch(List.of(), true, FIRST, false), reader.begin(), "after " + after);
      assertEquals(FIRST + 1, reader.next(LONG).events().getFirst().sequence());
    }
    assertFalse(reader(FIRST).begin().lost());
  }

  @Test
  void behindANumberOfTheFutureComesWhatHappensFromNowOn() throws InterruptedException {
    events.deleted(ID);
    for (long after : List.of(FIRST + 2, Long.MAX_VALUE)) {
      Reader reader = reader(after);
      assertEquals(new Batch(List.of(), true, FIRST + 1, false), reader.begin(), "after " + after);
      assertEquals(List.of(), reader.next(SOON).events());
    }
  }

  @Test
  void whoReadsTooSlowlyLosesAndIsToldSoAndNobodyElse() throws InterruptedException {
    Reader slow = reader();
    Reader quick = reader();
    slow.begin();
    quick.begin();
    List<Long> seen = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      events.logged(ID, List.of("x".repeat(100)));
      quick.next(LONG).events().forEach(event -> seen.add(event.sequence()));
    }
    assertEquals(500, seen.size());
    Batch lost = slow.next(LONG);
    assertEquals(new Batch(List.of(), true, FIRST + 500, false), lost);
    events.deleted(ID);
    assertEquals(FIRST + 501, slow.next(LONG).events().getFirst().sequence());
  }

  @Test
  void theBufferIsBoundedByWhatItsLinesWeigh() throws InterruptedException {
    events.logged(ID, List.of("small"));
    events.logged(ID, List.of("x".repeat(9_000)));
    Reader reader = reader(FIRST + 1);
    assertFalse(reader.begin().lost(), "the small one made room");
    assertEquals(1, reader.next(LONG).events().size());
    assertTrue(reader(FIRST).begin().lost());
    events.logged(ID, List.of("x".repeat(20_000)));
    assertTrue(reader(FIRST + 2).begin().lost(), "one that is bigger than the buffer is lost");
  }

  @Test
  void afterAResetEverybodyBeginsAnew() throws InterruptedException {
    Reader reader = reader();
    reader.begin();
    events.reset();
    assertEquals(new Batch(List.of(), true, FIRST + 1, false), reader.next(LONG));
  }

  @Test
  void aReaderThatWaitsIsWokenByAnEventAndByTheEnd() throws Exception {
    Reader reader = reader();
    reader.begin();
    List<Batch> batches = new ArrayList<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    batches.add(reader.next(LONG));
                    batches.add(reader.next(LONG));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    events.deleted(ID);
    while (batches.isEmpty()) {
      Thread.sleep(1);
    }
    events.close();
    waiting.join();
    assertEquals(1, batches.getFirst().events().size());
    assertTrue(batches.getLast().closed());
  }

  @Test
  void whatIsLeftIsToldBeforeTheEnd() throws InterruptedException {
    Reader reader = reader();
    reader.begin();
    for (int i = 0; i < 15; i++) {
      events.deleted(ID);
    }
    events.close();
    Batch batch = reader.next(SOON);
    assertEquals(15, batch.events().size());
    assertTrue(batch.closed());
  }

  @Test
  void onlySoManyMayRead() {
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < ComposeEvents.MOST_READERS; i++) {
      readers.add(reader());
    }
    assertTrue(events.read(Optional.empty()).isEmpty());
    readers.getFirst().close();
    assertTrue(events.read(Optional.empty()).isPresent());
  }
}
