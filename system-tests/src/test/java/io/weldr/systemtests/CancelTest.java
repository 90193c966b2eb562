package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.systemtests.Failpoints.Passage;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A compose is cancelled in every step of its build, real and in test mode; nothing is left. */
@Tag("slow")
class CancelTest {
  @Test
  void aComposeIsCancelledInEveryStep() {
    try (TinyRepository repository =
            new TinyRepository(Installation.privateDirectory("weldr-composer-tiny-"));
        RunningComposer composer =
            RunningComposer.underFailpoints(
                repository.source(), "slots = 1", "test_compose_seconds = 0")) {
      ComposeSteps steps = ComposeSteps.of(composer);
      List<Supplier<String>> kinds = List.of(steps::submittedReal, steps::submitted);
      for (Supplier<String> kind : kinds) {
        Failpoints job = composer.failpoints("job");
        job.record();
        String whole = kind.get();
        composer.awaitEnd(whole, Duration.ofMinutes(3));
        steps.awaitCleaned(whole);
        for (Passage passage : Failpoints.firstAndLast(job.recorded())) {
          job.pauseAt(passage);
          String id = kind.get();
          composer.await(
              passage + " is reached", ComposeSteps.LONG, () -> job.reached(passage.point()));
          assertTrue(ComposeSteps.succeeded(steps.cancel(id)), passage.toString());
          steps.awaitState("FAILED", id);
          assertEquals("CANCELLED", composer.curl().entry(id).at("/error/code").asText());
          steps.awaitCleaned(id);
          job.clear();
          steps.awaitGone(id);
        }
      }
      steps.assertNothingLeft();
    }
  }
}
