package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Package scripts that do not want to end, and ones that want more than there is. */
class LimitsTest {
  private static final Duration LONG = Duration.ofMinutes(3);

  /**
   * Ignores every signal it can, leaves its session twice, and starts as many processes as a host
   * without a limit of processes bears.
   */
  private static final String HOSTILE =
      """
      #!/bin/sh
      trap '' HUP INT QUIT TERM
      (setsid sh -c 'trap "" HUP INT TERM; (setsid sleep 10000 &) ; while :; do sleep 1; done' &)
      i=0
      while [ $i -lt 500 ]; do sleep 10000 & i=$((i + 1)); done
      echo hostile script is ready
      while :; do sleep 1; done
      """;

  private Path directory;
  private TinyRepository repository;

  @BeforeEach
  void serve() throws Exception {
    directory = Installation.privateDirectory("weldr-composer-limits-");
    repository = new TinyRepository(directory.resolve("repository"));
    repository.carryPrograms();
  }

  @AfterEach
  void stop() {
    repository.close();
    Command.run("rm", "-rf", "--one-file-system", "--", directory);
  }

  @Test
  void cancellingAHostileScriptEndsAllOfItAndNothingOfItsNeighbour() throws Exception {
    repository.script("tiny", HOSTILE);
    try (RunningComposer composer =
        RunningComposer.withOnlySource(
            repository.source(), "slots = 2", "test_compose_seconds = 20")) {
      push(composer);
      String hostile = composer.curl().compose("scripted", "tar", "");
      composer.await(
          "the script is ready",
          LONG,
          () -> {
            assertFalse(state(composer, hostile).equals("FAILED"), () -> composer.log(hostile));
            return composer.log(hostile).contains("hostile script is ready");
          });
      String neighbour = composer.curl().compose("scripted", "tar", "?test=2");
      composer.await(
          "both run at once",
          LONG,
          () ->
              state(composer, hostile).equals("RUNNING")
                  && state(composer, neighbour).equals("RUNNING"));
      long processes = processes(hostile);
      assertTrue(processes > 500, processes + " processes");

      long start = System.nanoTime();
      Curl.Answer answer = composer.curl().delete("/api/v1/compose/cancel/" + hostile);
      long answered = System.nanoTime();
      assertEquals(200, answer.status(), answer.body());
      composer.await("nothing of it is left", LONG, () -> gone(composer, hostile));
      System.out.printf(
          "cancel of %d hostile processes: answer in %d ms, complete in %d ms%n",
          processes, millis(answered - start), millis(System.nanoTime() - start));

      JsonNode error = composer.curl().entry(hostile).path("error");
      assertEquals("CANCELLED", error.path("code").asText(), error.toString());
      JsonNode other = composer.awaitEnd(neighbour, LONG);
      assertEquals("FINISHED", other.path("queue_status").asText(), other.toString());
      composer.awaitNothingLeft();
    }
  }

  @Test
  void aComposeThatFillsTheDiskSaysSoAndTheNextIsRefused() throws Exception {
    repository.script("tiny", "#!/bin/sh\ndd if=/dev/zero of=/fill bs=1M 2>&1 || exit 1\n");
    Path image = directory.resolve("disk.img");
    Path top = Files.createDirectory(directory.resolve("top"));
    Command.must("truncate", "-s", "400M", image);
    Command.must("mkfs.ext4", "-q", "-F", "-m", "0", image);
    Command.must("mount", "-o", "loop", image, top);
    try (RunningComposer composer =
        RunningComposer.prepared(top, repository.source(), "slots = 1").started()) {
      Command.must("chmod", "0755", top);
      push(composer);
      String id = composer.curl().compose("scripted", "tar", "");
      JsonNode entry = composer.awaitEnd(id, LONG);
      JsonNode error = entry.path("error");
      assertEquals("NO_SPACE", error.path("code").asText(), () -> entry + composer.log(id));
      assertEquals("install", error.path("stage").asText());
      assertTrue(error.path("hint").asText().contains("Free some space"), error.toString());
      composer.awaitNothingLeft();
      String status = composer.curl().get("/api/status").body();
      assertTrue(status.contains("MiB are free in " + composer.lib()), status);

      Command.must("fallocate", "-l", "300M", top.resolve("filler"));
      Curl.Answer refused =
          composer
              .curl()
              .postJson(
                  "/api/v1/compose", "{\"blueprint_name\":\"scripted\",\"compose_type\":\"tar\"}");
      assertEquals(400, refused.status(), refused.body());
      assertTrue(
          refused.error().matches(".*needs about \\d+ MiB .*scratch.*image.* \\d+ MiB are free.*"),
          refused.error());
    } finally {
      Command.run("umount", top);
    }
  }

  @Test
  void aScriptThatWantsMoreMemoryThanAComposeMayHaveFailsIt() throws Exception {
    String hog = "x=x; while :; do x=$x$x; done";
    assertEnforced("memory", "job_memory_mib = 400", hog, "OUT_OF_MEMORY", "400 MiB");
  }

  @Test
  void aScriptThatWantsMoreProcessesThanAComposeMayHaveFailsIt() throws Exception {
    String forks = "i=0; while [ $i -lt 500 ]; do sleep 10000 & i=$((i + 1)); done";
    assertEnforced("pids", "job_processes = 200", forks, "TOO_MANY_PROCESSES", "200 processes");
  }

  private void assertEnforced(
      String controller, String setting, String script, String code, String words)
      throws Exception {
    repository.script("tiny", "#!/bin/sh\n" + script + "\n");
    try (RunningComposer composer =
        RunningComposer.withOnlySource(repository.source(), "slots = 1", setting)) {
      push(composer);
      String id = composer.curl().compose("scripted", "tar", "");
      assumeFalse(
          composer.output("build-worker").contains("Composes run without limits"),
          "this host lets nobody limit " + controller);
      JsonNode error = composer.awaitEnd(id, LONG).path("error");
      assertEquals(code, error.path("code").asText(), () -> error + composer.log(id));
      assertEquals("install", error.path("stage").asText());
      assertTrue(error.path("msg").asText().contains(words), error.toString());
      composer.await("nothing of it is left", LONG, () -> gone(composer, id));
      composer.awaitNothingLeft();
    }
  }

  @Test
  void usersTakeTurnsForASlot() {
    try (RunningComposer composer =
        RunningComposer.withOnlySource(
            repository.source(), "slots = 1", "test_compose_seconds = 8")) {
      push(composer);
      List<String> ofRoot = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        ofRoot.add(composer.curl().compose("scripted", "tar", "?test=2"));
      }
      String ofWeldr = composeAsWeldr(composer);
      assertEquals("WAITING", state(composer, ofRoot.get(1)), "the slot is still held");

      List<String> expected = List.of(ofRoot.get(0), ofWeldr, ofRoot.get(1), ofRoot.get(2));
      Map<Double, String> started = new TreeMap<>();
      for (String id : expected) {
        started.put(composer.awaitEnd(id, LONG).path("job_started").asDouble(), id);
      }
      assertEquals(expected, List.copyOf(started.values()));
    }
  }

  private static String composeAsWeldr(RunningComposer composer) {
    String output =
        Command.must(
            "setpriv",
            "--reuid=weldr",
            "--regid=weldr",
            "--clear-groups",
            "curl",
            "-sS",
            "--unix-socket",
            composer.apiSocket(),
            "-H",
            "Content-Type: application/json",
            "--data-binary",
            "{\"blueprint_name\":\"scripted\",\"compose_type\":\"tar\"}",
            "http://localhost/api/v1/compose?test=2");
    return new Curl.Answer(200, output).json().path("build_id").asText();
  }

  private static void push(RunningComposer composer) {
    String blueprint = "name = \"scripted\"\ndescription = \"\"\n[[packages]]\nname = \"tiny\"\n";
    Curl.Answer answer = composer.curl().postToml("/api/v1/blueprints/new", blueprint);
    assertEquals(200, answer.status(), answer.body());
  }

  private static String state(RunningComposer composer, String id) {
    return composer.curl().entry(id).path("queue_status").asText();
  }

  private static boolean gone(RunningComposer composer, String id) {
    return processes(id) == 0
        && !Files.exists(composer.lib().resolve("jobs").resolve(id).resolve("work"))
        && cgroups(id).isBlank();
  }

  private static long processes(String id) {
    return ofCgroups("-path \"*weldr-job-$1-*\" -name cgroup.procs -exec cat {} +", id)
        .lines()
        .count();
  }

  private static String cgroups(String id) {
    return ofCgroups("-name \"weldr-job-$1-*\"", id);
  }

  /** What goes away meanwhile has nothing to say, and is no error. */
  private static String ofCgroups(String find, String id) {
    String script = "find /sys/fs/cgroup " + find + " 2> /dev/null || true";
    return Command.must("sh", "-c", script, "cgroups", id);
  }

  private static long millis(long nanos) {
    return Duration.ofNanos(nanos).toMillis();
  }
}
