package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.spec.FailureCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeStateTest {
  @TempDir Path lib;

  @Test
  void endedStatesAreForGood() {
    for (ComposeState state : ComposeState.values()) {
      assertEquals(state == ComposeState.FINISHED || state == ComposeState.FAILED, state.ended());
      assertFalse(state.next().contains(state));
      assertFalse(state.next().contains(ComposeState.WAITING));
    }
  }

  @Test
  void randomChangesNeverMoveARecordBackward() throws Exception {
    Random random = new Random(11);
    var image = new ComposeRecord.Image("i", 1, "00".repeat(32));
    var failure = new ComposeRecord.Failure(FailureCode.INTERNAL, "", "m", "");
    for (int round = 0; round < 50; round++) {
      ComposeRecord record = waiting();
      for (int step = 0; step < 10; step++) {
        ComposeRecord before = record;
        ComposeRecord after;
        try {
          after =
              switch (random.nextInt(4)) {
                case 0 -> before.begun(step, "/c", 1);
                case 1 -> before.finished(step, image);
                case 2 -> before.failed(step, failure);
                default -> before.cleaned();
              };
        } catch (IllegalStateException e) {
          continue;
        }
        assertTrue(after.state().compareTo(before.state()) >= 0, before + " " + after);
        assertTrue(!before.state().ended() || before.state() == after.state());
        assertEquals(before.id(), after.id());
        assertEquals(before.specSha256(), after.specSha256());
        record = after;
      }
    }
  }

  @Test
  void aWaitingComposeCannotFinish() throws Exception {
    var image = new ComposeRecord.Image("i", 1, "00".repeat(32));
    ComposeRecord waiting = waiting();
    assertThrows(IllegalStateException.class, () -> waiting.finished(1, image));
  }

  @Test
  void namesOfEntriesAreTakenForIdsOnlyWhenTheyAre() {
    UUID id = UUID.randomUUID();
    assertEquals(id, StateLayout.idOf(id.toString(), "").orElseThrow());
    assertEquals(id, StateLayout.idOf(".staged-" + id, StateLayout.STAGED).orElseThrow());
    for (String name :
        List.of(
            "lost+found",
            id.toString().toUpperCase(java.util.Locale.ROOT) + "A",
            "1-1-1-1-1",
            "x" + id,
            ".staged-" + id,
            id + "~")) {
      assertTrue(StateLayout.idOf(name, "").isEmpty(), name);
    }
  }

  @Test
  void aSlowWatcherIsCutOffAndNobodyWaits() throws Exception {
    ComposeFeed feed = new ComposeFeed(List.of());
    List<ComposeRecord> records = new ArrayList<>();
    records.add(waiting());
    for (int i = 0; i <= ComposeFeed.MOST_UNREAD; i++) {
      assertFalse(feed.cutOff());
      feed.add(new ComposeFeed.Change.Present(records.getFirst()));
    }
    assertTrue(feed.cutOff());
    assertTrue(feed.next(0).isEmpty(), "what is lost is not told in part");
  }

  private ComposeRecord waiting() throws Exception {
    Recipes recipes = job -> new Recipes.Documents("", "", "", "i", 0);
    StateLayout layout = TestJobs.layout(lib);
    JobQueue queue =
        new JobQueue(
            new ComposeStore(layout),
            new Admission(1, lib, lib),
            recipes,
            java.time.Clock.systemUTC(),
            List.of());
    ComposeRecord record = TestJobs.submit(queue, TestJobs.job("finish"));
    queue.cancel(record.id());
    queue.delete(record.id());
    return record;
  }
}
