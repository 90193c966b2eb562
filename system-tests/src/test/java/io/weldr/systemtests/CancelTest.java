package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.systemtests.Failpoints.Passage;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A compose is cancelled in every step of its build, real and in test mode; nothing is left. */
@Tag("slow")
class CancelTest extends FaultTest {
  @Test
  void aComposeIsCancelledInEveryStep() {
    List<Supplier<String>> kinds = List.of(steps::submittedReal, steps::submitted);
    for (Supplier<String> kind : kinds) {
      // With its packages and their base in the cache every build runs the same programs.
      ended(kind);
      job.record();
      ended(kind);
      for (Passage passage : Failpoints.firstAndLast(job.recorded())) {
        job.pauseAt(passage);
        String id = kind.get();
        composer.await(passage + " is reached", LONG, () -> job.reached(passage.point()));
        boolean cancelled = ComposeSteps.succeeded(steps.cancel(id));
        String code = composer.awaitEnd(id, LONG).at("/error/code").asText();
        // After its last event a compose has ended, whether its process lives or not.
        assertTrue(cancelled || passage.point().startsWith("EVENT_"), passage.toString());
        assertTrue(!cancelled || code.equals("CANCELLED"), passage + ": " + code);
        steps.awaitCleaned(id);
        job.clear();
        steps.awaitGone(id);
      }
    }
    steps.assertNothingLeft();
  }

  private void ended(Supplier<String> kind) {
    String id = kind.get();
    composer.awaitEnd(id, Duration.ofMinutes(3));
    steps.awaitCleaned(id);
  }
}
