package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.systemtests.Failpoints.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** What the fault tests do with composes of one blueprint, in test mode 2, and wait for. */
record ComposeSteps(RunningComposer composer) {
  static final Duration LONG = Duration.ofMinutes(5);

  private static final String REQUEST = "{\"blueprint_name\":\"works\",\"compose_type\":\"tar\"}";

  /** Pushes the blueprint. */
  static ComposeSteps of(RunningComposer composer) {
    String blueprint = "name = \"works\"\ndescription = \"\"\n[[packages]]\nname = \"tiny\"\n";
    Curl.Answer answer = composer.curl().postToml("/api/v1/blueprints/new", blueprint);
    assertEquals(200, answer.status(), answer.body());
    return new ComposeSteps(composer);
  }

  Curl.Answer submit() {
    return composer.curl().postJson("/api/v1/compose?test=2", REQUEST);
  }

  /** The id of a compose that must be accepted. */
  String submitted() {
    return id(submit());
  }

  /** A compose without test mode. */
  Curl.Answer submitReal() {
    return composer.curl().postJson("/api/v1/compose", REQUEST);
  }

  /** The id of a compose without test mode that must be accepted. */
  String submittedReal() {
    return id(submitReal());
  }

  private static String id(Curl.Answer answer) {
    assertEquals(200, answer.status(), answer.body());
    return answer.json().get("build_id").asText();
  }

  /** A compose that runs, and whose process stops where it has hardly begun. */
  String held() {
    Failpoints job = composer.failpoints("job");
    // What an earlier build reached before it was killed is still marked.
    job.clear();
    job.pauseAt(new Passage("JOB_BEGUN", 1));
    String id = submitted();
    composer.await("the job is held", LONG, () -> job.reached("JOB_BEGUN"));
    awaitState("RUNNING", id);
    return id;
  }

  Curl.Answer cancel(String id) {
    return composer.curl().delete("/api/v1/compose/cancel/" + id);
  }

  void cancelUntilFailed(String id) {
    composer.await(
        id + " is cancelled", LONG, () -> succeeded(cancel(id)) || state(id).equals("FAILED"));
  }

  Curl.Answer remove(String id) {
    return composer.curl().delete("/api/v1/compose/delete/" + id);
  }

  static boolean succeeded(Curl.Answer answer) {
    return answer.status() == 200 && !answer.body().contains("\"errors\":[{");
  }

  /** As clients see it; empty when there is no such compose. */
  String state(String id) {
    return composer.curl().entry(id).path("queue_status").asText();
  }

  void awaitState(String expected, String id) {
    composer.await(
        id + " is " + expected,
        LONG,
        () -> {
          JsonNode entry = composer.curl().entry(id);
          String found = entry.path("queue_status").asText();
          if (found.equals("FAILED") && !expected.equals(found)) {
            throw new AssertionError(entry + "\n" + composer.log(id));
          }
          return expected.equals(found);
        });
  }

  void awaitListed(Set<String> ids) {
    composer.await(
        "all acknowledged composes are listed",
        LONG,
        () -> ids.stream().noneMatch(id -> state(id).isEmpty()));
  }

  /** Deletes it as often as it takes. */
  void awaitGone(String id) {
    composer.await(
        id + " is deleted",
        LONG,
        () -> {
          if (!state(id).isEmpty()) {
            remove(id);
          }
          return state(id).isEmpty() && !Files.exists(composer.results(id));
        });
  }

  /** Waits until nothing of its processes is left and the worker has noted it. */
  void awaitCleaned(String id) {
    Path record = composer.lib().resolve("jobs").resolve(id).resolve("state.json");
    composer.await(
        id + " is cleaned up",
        LONG,
        () -> {
          try {
            JsonNode stored = Curl.parsed(Files.readString(record));
            return stored.path("state").asText().startsWith("F") && stored.path("cgroup").isNull();
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** Ids of all composes, as the worker's directories name them. */
  Set<String> onDisk() {
    return new TreeSet<>(Command.must("ls", composer.lib().resolve("jobs")).lines().toList());
  }

  /** How often a build process of the compose began. */
  long starts(String id) {
    return composer.log(id).lines().filter(l -> l.contains("Starting new compose")).count();
  }

  /** Signal 9 to the process that builds. */
  void killJob(String id) {
    String pattern = "^[^ ]*/java .*JobMain " + composer.lib().resolve("jobs").resolve(id) + "$";
    String found = Command.must("pgrep", "-f", pattern);
    assertEquals(1, found.lines().count(), "build processes of " + id);
    Command.must("kill", "-9", found.strip());
  }

  /** When no compose waits or runs: nothing is left of any, and every record has its results. */
  void assertNothingLeft() {
    composer.awaitNothingLeft();
    assertEquals(
        onDisk(),
        new TreeSet<>(Command.must("ls", composer.lib().resolve("results")).lines().toList()),
        "jobs and results are of the same composes");
  }
}
