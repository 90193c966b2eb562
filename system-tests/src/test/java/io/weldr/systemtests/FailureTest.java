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
 * What cannot work is refused, or FAILED with an error a person can act upon. A compose in test
 * mode holds the only slot while the source breaks behind the back of the one that waits.
 */
class FailureTest {
  private RunningComposer composer;
  private TinyRepository repository;

  @BeforeEach
  void start() {
    Path directory = Installation.privateDirectory("weldr-composer-tiny-");
    repository = new TinyRepository(directory);
    composer =
        RunningComposer.withOnlySource(
            repository.source(), "slots = 1", "test_compose_seconds = 8");
    push("works", "tiny");
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
    JsonNode entry = composer.awaitEnd(waiting, Duration.ofMinutes(3));
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
    composer.await(
        "composes are accepted again",
        Duration.ofSeconds(60),
        () ->
            composer
                    .curl()
                    .postJson(
                        "/api/v1/compose?test=2",
                        "{\"blueprint_name\":\"works\",\"compose_type\":\"tar\"}")
                    .status()
                == 200);
  }

  @Test
  void aToolThatIsTakenFromTheRunningWorkerIsNamed() {
    RunningComposer.kill(composer.worker());
    composer.startWorkerWithOwnMounts();
    composer.await("the worker answers", Duration.ofSeconds(60), this::workerAnswers);
    String waiting = waitingCompose();
    composer.takeFromWorker("/usr/bin/bwrap");
    JsonNode error = composer.awaitEnd(waiting, Duration.ofMinutes(3)).path("error");
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
    composer.curl().compose("works", "tar", "?test=2");
    return composer.curl().compose("works", "tar", "");
  }

  private void assertError(String id, String code, String named) throws IOException {
    assertEquals("WAITING", composer.curl().entry(id).path("queue_status").asText());
    JsonNode entry = composer.awaitEnd(id, Duration.ofMinutes(3));
    assertEquals("FAILED", entry.path("queue_status").asText());
    JsonNode error = entry.path("error");
    assertEquals(code, error.path("code").asText(), () -> entry + composer.log(id));
    assertTrue(error.path("msg").asText().contains(named), error.toString());
    assertFalse(error.path("stage").asText().isBlank(), error.toString());
    assertFalse(error.path("hint").asText().isBlank(), error.toString());
  }
}
