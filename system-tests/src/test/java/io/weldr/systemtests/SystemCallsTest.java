package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every system call with a file name that the worker and all its descendants make during a compose,
 * a cancellation and a deletion, as strace sees them, with the directory of each descriptor.
 */
@Tag("slow")
class SystemCallsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private TinyRepository repository;
  private RunningComposer composer;
  private Path trace;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed");
    repository = new TinyRepository(Installation.privateDirectory("weldr-composer-tiny-"));
    repository.carryPrograms();
    repository.script("tiny", "#!/bin/sh\necho the script ran\n");
    composer =
        RunningComposer.withOnlySource(
            repository.source(), "slots = 1", "test_compose_seconds = 600");
    trace = composer.top().resolve("trace");
    Curl.Answer answer =
        composer
            .curl()
            .postToml(
                "/api/v1/blueprints/new",
                "name = \"traced\"\ndescription = \"\"\n[[packages]]\nname = \"tiny\"\n");
    assertEquals(200, answer.status(), answer.body());
  }

  @AfterEach
  void stop() {
    if (composer != null) {
      composer.close();
      repository.close();
    }
  }

  @Test
  void rootTouchesNothingThatUserWeldrCanWrite() throws Exception {
    Process strace = strace(composer.worker().pid());
    try {
      String built = composer.curl().compose("traced", "tar", "");
      composer.awaitEnd(built, LONG);
      assertTrue(composer.log(built).contains("the script ran"), composer.log(built));
      String cancelled = composer.curl().compose("traced", "tar", "?test=2");
      composer.await(
          "it runs",
          LONG,
          () -> composer.curl().entry(cancelled).path("queue_status").asText().equals("RUNNING"));
      composer.curl().delete("/api/v1/compose/cancel/" + cancelled);
      for (String id : List.of(built, cancelled)) {
        composer.await("it can be deleted", LONG, () -> deleted(id));
      }
    } finally {
      strace.destroy();
      strace.waitFor();
    }

    assertTrue(lines("results/.deleted-").findAny().isPresent(), "the deletion was traced");
    assertTrue(lines("work/tree").findAny().isPresent(), "the job was traced");
    for (String writable : List.of("lib/blueprints", "lib/sources", "cache/api")) {
      String path = composer.top().resolve(writable).toString();
      assertEquals(List.of(), lines(path).limit(10).toList(), writable);
    }
    assertEquals(
        List.of(),
        lines("\"/tmp/").filter(line -> line.contains(".so")).limit(10).toList(),
        "native libraries in /tmp");
    assertEquals(
        List.of(),
        Files.readAllLines(Path.of("/proc/" + composer.worker().pid() + "/maps")).stream()
            .filter(line -> line.contains(" /tmp/"))
            .toList());
  }

  /** What this test would find, also when names are relative. */
  @Test
  void aFileBelowADirectoryIsSeenHoweverItIsNamed() throws Exception {
    Path blueprints = composer.lib().resolve("blueprints");
    Command.must(words("-o", trace, "sh", "-c", "cd \"$1\" && cat git/HEAD", "read", blueprints));
    List<String> reads =
        lines(blueprints.toString()).filter(line -> line.contains("\"git/HEAD\", O_")).toList();
    assertEquals(1, reads.size(), () -> reads.toString());
  }

  private boolean deleted(String id) {
    composer.curl().delete("/api/v1/compose/delete/" + id);
    return !Files.exists(composer.results(id));
  }

  /** strace of every call with a file name, with the directories that descriptors stand for. */
  private static Object[] words(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("strace", "-f", "-y", "-qq", "-e", "trace=%file", "-e", "signal=none"));
    words.addAll(List.of(more));
    return words.toArray();
  }

  private Process strace(long pid) throws IOException {
    Process strace =
        new ProcessBuilder(Stream.of(words("-o", trace, "-p", pid)).map(Object::toString).toList())
            .redirectErrorStream(true)
            .redirectOutput(composer.top().resolve("strace.out").toFile())
            .start();
    composer.await("strace is attached", LONG, () -> traced(pid));
    return strace;
  }

  /** Whether every thread of the process is traced. */
  private static boolean traced(long pid) {
    return !Command.run("sh", "-c", "grep -h ^TracerPid: /proc/" + pid + "/task/*/status")
        .output()
        .lines()
        .toList()
        .contains("TracerPid:\t0");
  }

  private Stream<String> lines(String containing) throws IOException {
    // Names in a trace are bytes, not always UTF-8.
    return Files.readAllLines(trace, StandardCharsets.ISO_8859_1).stream()
        .filter(line -> line.contains(containing));
  }
}
