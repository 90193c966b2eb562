package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What cannot work is refused, or FAILED with an error a person can act upon. A compose that is
 * held at a failpoint has the only slot while the source breaks behind the back of the one that
 * waits.
 */
class FailureTest {
  private static final Duration LONG = ComposeSteps.LONG;

  private RunningComposer composer;
  private ComposeSteps steps;
  private TinyRepository repository;

  @BeforeEach
  void start() {
    Path directory = Installation.privateDirectory("weldr-composer-tiny-");
    repository = new TinyRepository(directory);
    composer =
        RunningComposer.underFailpoints(
            repository.source(), "slots = 1", "test_compose_seconds = 0");
    steps = ComposeSteps.of(composer);
    composer.await("the worker answers", LONG, this::workerAnswers);
  }

  @AfterEach
  void stop() {
    composer.close();
    repository.close();
  }

  private void push(String name, String packageName) {
    String blueprint =
        "name = \"%s\"\ndescription = \"\"\n[[packages]]\nname = \"%s\"\n"
            .formatted(name, packageName);
    Curl.Answer answer = composer.curl().postToml("/api/v1/blueprints/new", blueprint);
    assertEquals(200, answer.status(), answer.body());
  }

  @Test
  void anUnknownPackageIsRefusedByName() {
    push("unknown", "no-such-package");
    String message = refused("unknown");
    assertTrue(message.contains("no-such-package-* (No match)"), message);
  }

  @Test
  void anUnreachableSourceRefusesTheComposeOrFailsIt() throws IOException {
    String waiting = waitingCompose();
    repository.stopServing();
    assertError(waiting, "SOURCE_UNREACHABLE", "tiny");
  }

  @Test
  void aSignatureByAStrangerFailsTheCompose() throws IOException {
    String waiting = waitingCompose();
    repository.signWithAnotherKey();
    assertError(waiting, "BAD_SIGNATURE", "tiny");
  }

  @Test
  void aPackageThatIsNotWhatTheIndexSaysFailsTheCompose() throws IOException {
    String waiting = waitingCompose();
    repository.corruptPackage("tiny");
    assertError(waiting, "BAD_CHECKSUM", "tiny");
  }

  @Test
  void aPackageThatVanishedFailsTheCompose() throws IOException {
    String waiting = waitingCompose();
    repository.removePackage("tiny");
    assertError(waiting, "PACKAGE_MISSING", "tiny");
  }

  @Test
  void aPackageThatTheIndexForgotIsFetchedAsItWasChosen() throws IOException {
    String waiting = waitingCompose();
    repository.forgetPackage("tiny");
    JsonNode entry = endOf(waiting);
    String log = composer.log(waiting);
    assertTrue(log.contains("is not in the index of its source any more"), entry + log);
    // These packages have no programs: it is installing that fails.
    assertNotEquals("PACKAGE_MISSING", entry.at("/error/code").asText(), log);
  }

  @Test
  void withoutTheWorkerComposesAreRefusedAndTheRestGoesOn() {
    RunningComposer.kill(composer.worker());
    String message = refused("works");
    assertTrue(message.contains("worker"), message);
    assertEquals(200, composer.curl().get("/api/v1/blueprints/list").status());
    composer.startWorker();
    composer.await("composes are accepted again", LONG, () -> steps.submit().status() == 200);
  }

  @Test
  void aToolThatIsTakenFromTheRunningWorkerIsNamed() {
    RunningComposer.kill(composer.worker());
    composer.startWorkerWithOwnMounts();
    composer.await("the worker answers", LONG, this::workerAnswers);
    String waiting = waitingCompose();
    composer.takeFromWorker("/usr/bin/bwrap");
    JsonNode error = endOf(waiting).path("error");
    assertEquals("TOOL_MISSING", error.path("code").asText(), error.toString());
    assertTrue(error.path("msg").asText().contains("bwrap"), error.toString());
    assertTrue(error.path("hint").asText().contains("bubblewrap"), error.toString());
  }

  private boolean workerAnswers() {
    return !composer.curl().get("/api/status").body().contains("build worker");
  }

  private String refused(String blueprint) {
    Curl.Answer answer =
        composer
            .curl()
            .postJson(
                "/api/v1/compose",
                "{\"blueprint_name\":\"%s\",\"compose_type\":\"tar\"}".formatted(blueprint));
    assertEquals(400, answer.status(), answer.body());
    assertEquals("BuildFailed", answer.json().at("/errors/0/id").asText());
    return answer.error();
  }

  /** A compose that is accepted and has to wait for the slot. */
  private String waitingCompose() {
    steps.held();
    return steps.submittedReal();
  }

  /** Frees the slot; the entry of the one that waited. */
  private JsonNode endOf(String waiting) {
    assertEquals("WAITING", steps.state(waiting));
    composer.failpoints("job").clear();
    return composer.awaitEnd(waiting, LONG);
  }

  private void assertError(String id, String code, String named) throws IOException {
    JsonNode entry = endOf(id);
    assertEquals("FAILED", entry.path("queue_status").asText());
    JsonNode error = entry.path("error");
    assertEquals(code, error.path("code").asText(), () -> entry + composer.log(id));
    assertTrue(error.path("msg").asText().contains(named), error.toString());
    assertFalse(error.path("stage").asText().isBlank(), error.toString());
    assertFalse(error.path("hint").asText().isBlank(), error.toString());
  }
}
