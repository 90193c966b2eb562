package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.systemtests.Failpoints.Passage;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The worker dies with a compose in its hands and does not come back while the client waits. */
@Tag("slow")
class LostAnswerTest extends FaultTest {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  @Test
  void theClientIsToldWhatIsNotKnownAndTheComposeIsNeitherLostNorDoubled() {
    // Both directories have their names, so it is accepted, and nobody has heard of it.
    Passage stored = new Passage("RENAMED", 2);
    String accepted = named(untilWorkerDies(stored, steps::submit).join());
    composer.startWorker();
    steps.awaitState("FINISHED", accepted);
    assertEquals(1, steps.starts(accepted), () -> composer.log(accepted));
    assertEquals(Set.of(accepted), steps.onDisk());

    Passage before = new Passage("BEFORE_ACCEPTANCE", 1);
    String refused = named(untilWorkerDies(before, steps::submit).join());
    composer.startWorker();
    composer.await("the worker answers again", LONG, this::workerAnswers);
    assertEquals("", steps.state(refused));
    assertEquals(Set.of(accepted), steps.onDisk());
    steps.awaitState("FINISHED", steps.submitted());
    assertNothingLeft();
  }

  @Test
  void aWorkerThatIsAwayIsToldAtOnceAndNothingIsQueued() {
    RunningComposer.kill(composer.worker());
    Curl.Answer answer = steps.submit();
    assertEquals(400, answer.status(), answer.body());
    assertTrue(answer.error().contains("does not answer"), answer.body());
    composer.startWorker();
    composer.await("the worker answers again", LONG, this::workerAnswers);
    assertEquals(Set.of(), steps.onDisk());
  }

  /** The UUID in an error that says that the outcome is not known. */
  private static String named(Curl.Answer answer) {
    assertEquals(400, answer.status(), answer.body());
    assertTrue(answer.error().contains("look for it in compose/status"), answer.body());
    Matcher id = ID.matcher(answer.error());
    assertTrue(id.find(), answer.body());
    return id.group();
  }
}
