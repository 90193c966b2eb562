package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that follow the events while api-server or the worker is killed and comes back. */
@Tag("slow")
class EventsTest extends FaultTest {

  @Test
  void anotherApiServerTellsThatEventsAreLostAndCountsOnBehindThem() {
    EventStream before = EventStream.of(composer, "");
    awaitLine(before, "begin", "");
    String first = steps.submitted();
    awaitState(before, first, "FINISHED");
    String running = steps.held();
    awaitState(before, running, "RUNNING");
    long last = before.lastSequence();
    RunningComposer.kill(composer.api());
    before.close();
    // What ends while nobody can be told is what the client must not miss.
    job.clear();
    steps.awaitCleaned(running);
    composer.startApi();
    composer.await("the worker answers again", LONG, this::workerAnswers);
    try (EventStream after = EventStream.of(composer, "?after=" + last)) {
      awaitLine(after, "lost", "");
      JsonNode lost = after.lines().getFirst();
      assertEquals("lost", lost.path("event").asText(), () -> after.lines().toString());
      assertTrue(lost.path("seq").asLong() > last, lost.toString());
      assertEquals("FINISHED", steps.state(running), "the list has what was missed");
      String next = steps.submitted();
      awaitState(after, next, "FINISHED");
      assertConsecutive(after);
      assertEquals(List.of("WAITING", "RUNNING", "FINISHED"), states(after, next));
    }
  }

  @Test
  void aWorkerThatIsKilledTakesNoEventWithIt() {
    try (EventStream events = EventStream.of(composer, "")) {
      awaitLine(events, "begin", "");
      String running = steps.held();
      awaitState(events, running, "RUNNING");
      String waiting = steps.submitted();
      String cancelled = steps.submitted();
      awaitState(events, cancelled, "WAITING");
      RunningComposer.kill(composer.worker());
      job.clear();
      composer.startWorker();
      composer.await("the worker answers again", LONG, this::workerAnswers);
      steps.cancel(cancelled);
      for (String id : List.of(running, waiting)) {
        awaitState(events, id, "FINISHED");
        // A change that the next one overtook while there was no worker is told with it.
        assertEquals("WAITING", states(events, id).getFirst());
        assertEquals("FINISHED", states(events, id).getLast());
      }
      assertEquals(3, states(events, running).size());
      composer.await(
          "the last compose ends", LONG, () -> states(events, cancelled).getLast().startsWith("F"));
      steps.awaitGone(cancelled);
      awaitLine(events, "deleted", cancelled);
      assertConsecutive(events);
      assertTrue(events.lines().stream().noneMatch(l -> l.path("event").asText().equals("lost")));
      awaitLog(events, running, "Finished building");
    }
  }

  private void awaitLine(EventStream events, String kind, String id) {
    composer.await(
        kind + " " + id,
        LONG,
        () ->
            events.has(
                line ->
                    line.path("event").asText().equals(kind)
                        && line.path("id").asText().equals(id)));
  }

  private void awaitState(EventStream events, String id, String state) {
    composer.await(id + " is told to be " + state, LONG, () -> states(events, id).contains(state));
  }

  private void awaitLog(EventStream events, String id, String text) {
    composer.await(
        "the log of " + id,
        LONG,
        () ->
            events.has(
                line ->
                    line.path("id").asText().equals(id)
                        && line.path("lines").toString().contains(text)));
  }

  private static List<String> states(EventStream events, String id) {
    List<String> states = new ArrayList<>();
    for (JsonNode line : events.lines()) {
      if (line.at("/compose/id").asText().equals(id)) {
        states.add(line.at("/compose/queue_status").asText());
      }
    }
    return states;
  }

  /** No number is left out; {@code idle} lines repeat the last. */
  private static void assertConsecutive(EventStream events) {
    long last = events.lines().getFirst().path("seq").asLong();
    for (JsonNode line : events.lines().subList(1, events.lines().size())) {
      if (!line.path("event").asText().equals("idle")) {
        last++;
      }
      assertEquals(last, line.path("seq").asLong(), line.toString());
    }
  }
}
