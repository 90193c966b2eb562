package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.LoopDevices;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisionTest {
  @TempDir Path lib;

  @Test
  void aComposeRunsAndLeavesExactlyItsResults() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("finish")).id();
      ComposeRecord record = TestJobs.awaitEnd(composes.queue(), id);

      assertEquals(ComposeState.FINISHED, record.state(), record.toString());
      assertEquals("root.tar.xz", record.image().orElseThrow().name());
      assertEquals(List.of(new ComposeRecord.StageTime("install", 7)), record.stages());
      assertEquals(
          Set.of(
              "COMMIT",
              "STATUS",
              "TEST",
              "blueprint.toml",
              "config.toml",
              "deps.toml",
              "final-kickstart.ks",
              "frozen.toml",
              "logs",
              "root.tar.xz",
              "tar.ks",
              "times.toml"),
          names(lib.resolve("results").resolve(id.toString())));
      assertFalse(Files.exists(lib.resolve("jobs").resolve(id.toString()).resolve("work")));
      assertEquals("FINISHED\n", result(id, "STATUS"));
      assertTrue(
          result(id, "times.toml")
              .matches("(?s)created = \\d+\\.\\d{3}\nstarted = \\d+\\.\\d{3}\nfinished.*"));
      assertEquals(
          """
          [[packages]]
          name = "a"
          epoch = 1
          version = "2.0"
          release = "3"
          arch = "all"

          """,
          result(id, "deps.toml"));
    }
  }

  @Test
  void resultsAreReadableByTheGroupAndTheJobByRootOnly() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("finish")).id();
      TestJobs.awaitEnd(composes.queue(), id);
      Path result = lib.resolve("results").resolve(id.toString());
      assertEquals("rwxr-x--- 4242", access(result));
      assertEquals("rwx------ 0", access(lib.resolve("jobs").resolve(id.toString())));
      for (String name : names(result)) {
        String expected = name.equals("logs") ? "rwxr-x--- 4242" : "rw-r----- 4242";
        assertEquals(expected, access(result.resolve(name)), name);
      }
    }
  }

  @Test
  void aJobThatSaysWhyItFailedIsFailedForThatReason() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("fail")).id();
      ComposeRecord record = TestJobs.awaitEnd(composes.queue(), id);
      assertEquals(ComposeState.FAILED, record.state());
      assertEquals(
          new ComposeRecord.Failure(FailureCode.TEST_FAILED, "install", "as asked", ""),
          record.failure().orElseThrow());
    }
  }

  @Test
  void aCancelledJobThatEndsByItselfLeavesItsLogs() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("stop")).id();
      TestJobs.awaitStage(composes.queue(), id, "listening");
      composes.queue().cancel(id);
      ComposeRecord record = TestJobs.awaitEnd(composes.queue(), id);
      assertEquals(FailureCode.CANCELLED, record.failure().orElseThrow().code());
      assertEquals("a last word\n", result(id, "logs/last.log"));
    }
  }

  @Test
  void aCancelledJobThatDoesNotEndInTimeIsKilled() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("never-stop")).id();
      TestJobs.awaitStage(composes.queue(), id, "lingering");
      composes.queue().cancel(id);
      ComposeRecord record = TestJobs.awaitEnd(composes.queue(), id);
      assertEquals(FailureCode.CANCELLED, record.failure().orElseThrow().code());
      assertFalse(Files.exists(lib.resolve("jobs/" + id + "/work")));
    }
  }

  @Test
  void aJobThatDiesOnceRunsAgain() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("die-once")).id();
      ComposeRecord record = TestJobs.awaitEnd(composes.queue(), id);
      assertEquals(ComposeState.FINISHED, record.state(), record.toString());
      assertEquals(2, record.attempt());
    }
  }

  @Test
  void aJobThatDiesTwiceIsInterrupted() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("die")).id();
      ComposeRecord record = TestJobs.awaitEnd(composes.queue(), id);
      assertEquals(FailureCode.INTERRUPTED, record.failure().orElseThrow().code());
      assertEquals("FAILED\n", result(id, "STATUS"));
      String log = result(id, "logs/combined.log");
      assertTrue(log.contains(" ERROR: the build process ended, attempt 2"), log);
      assertTrue(log.contains("dies as asked"), log);
    }
  }

  @Test
  void anImageNamedLikeAPathIsNotBelieved() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("lie")).id();
      ComposeRecord record = TestJobs.awaitEnd(composes.queue(), id);
      assertEquals(FailureCode.INTERNAL, record.failure().orElseThrow().code());
    }
  }

  @Test
  void aJobThatTakesTooLongFailsByTheWorkersOwnTimer() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1, Duration.ofSeconds(2), 10)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("linger")).id();
      ComposeRecord record = TestJobs.awaitEnd(composes.queue(), id);
      assertEquals(FailureCode.TIMEOUT, record.failure().orElseThrow().code());
      assertNothingLeft(id);
    }
  }

  @Test
  void cancellingARunningComposeLeavesNothingOfIt() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("linger")).id();
      TestJobs.awaitStage(composes.queue(), id, "lingering");
      assertEquals(2, sleepers(id).size(), "the job's children run");

      composes.queue().cancel(id);
      assertEquals(ComposeState.FAILED, composes.queue().find(id).orElseThrow().state());
      ComposeRecord record = TestJobs.awaitEnd(composes.queue(), id);
      assertEquals(FailureCode.CANCELLED, record.failure().orElseThrow().code());
      assertNothingLeft(id);
    }
  }

  @Test
  void aCancelledWaitingComposeNeverRunsAndTheNextOneDoes() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      JobQueue queue = composes.queue();
      UUID running = TestJobs.submit(queue, TestJobs.job("linger")).id();
      UUID waiting = TestJobs.submit(queue, TestJobs.job("finish")).id();
      UUID next = TestJobs.submit(queue, TestJobs.job("finish")).id();
      TestJobs.awaitStage(queue, running, "lingering");
      queue.cancel(waiting);
      queue.cancel(running);
      assertEquals(ComposeState.FINISHED, TestJobs.awaitEnd(queue, next).state());
      assertEquals(0, queue.find(waiting).orElseThrow().attempt());
      assertTrue(result(waiting, "logs/combined.log").endsWith(" ERROR: cancelled\n"));
    }
  }

  @Test
  void deletingACancelledComposeWaitsForItsEnd() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("linger")).id();
      TestJobs.awaitStage(composes.queue(), id, "lingering");
      composes.queue().cancel(id);
      composes.queue().delete(id);
      assertEquals(Set.of(".lock"), names(lib.resolve("jobs")));
      assertEquals(Set.of(), names(lib.resolve("results")));
      assertNothingLeft(id);
    }
  }

  @Test
  void composesStartInTheOrderOfTheirAcceptance() throws Exception {
    try (Composes composes = TestJobs.open(lib, 2)) {
      List<UUID> ids = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        ids.add(TestJobs.submit(composes.queue(), TestJobs.job("finish")).id());
      }
      List<Long> started = new ArrayList<>();
      for (UUID id : ids) {
        started.add(TestJobs.awaitEnd(composes.queue(), id).startedMs().orElseThrow());
      }
      assertEquals(started.stream().sorted().toList(), started);
      assertEquals(ids, composes.queue().list().stream().map(ComposeRecord::id).toList());
    }
  }

  @Test
  void loopDevicesOfAJobAreDetached() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("linger")).id();
      TestJobs.awaitStage(composes.queue(), id, "lingering");
      Path work = lib.resolve("jobs").resolve(id.toString()).resolve("work");
      Path disk = Files.write(work.resolve("disk"), new byte[1 << 20]);
      Subprocess.of("/usr/sbin/losetup", "-f", "--", disk.toString()).check();
      assertEquals(1, LoopDevices.backedBelow(work).size());
      composes.queue().cancel(id);
      TestJobs.awaitEnd(composes.queue(), id);
      assertNothingLeft(id);
    }
  }

  @Test
  void theStateDirectoryHasOneWorker() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      assertTrue(composes.queue().list().isEmpty());
      var failure = assertThrows(IOException.class, () -> TestJobs.open(lib, 1));
      assertTrue(failure.getMessage().contains("in use"));
    }
  }

  @Test
  void aFullQueueRefusesAndKeepsNothing() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1, Duration.ofMinutes(5), 2)) {
      UUID first = TestJobs.submit(composes.queue(), TestJobs.job("linger")).id();
      UUID second = TestJobs.submit(composes.queue(), TestJobs.job("finish")).id();
      JobSpec third = TestJobs.job("finish");
      var refused =
          assertThrows(
              RequestRefusedException.class, () -> TestJobs.submit(composes.queue(), third));
      assertEquals(RequestRefusedException.Reason.QUEUE_FULL, refused.reason());
      assertFalse(names(lib.resolve("results")).contains(third.composeId().toString()));
      composes.queue().cancel(second);
      composes.queue().cancel(first);
      TestJobs.awaitEnd(composes.queue(), first);
    }
  }

  private void assertNothingLeft(UUID id) throws Exception {
    assertEquals(List.of(), sleepers(id));
    assertEquals(
        List.of(),
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
            .filter(line -> line.contains(id.toString()))
            .toList());
    assertEquals(List.of(), LoopDevices.backedBelow(lib));
    assertFalse(Files.exists(lib.resolve("jobs").resolve(id.toString()).resolve("work")));
    try (var cgroups = Files.list(TestJobs.policy(TestJobs.LONG).cgroups().path())) {
      assertEquals(List.of(), cgroups.filter(c -> c.toString().contains(id.toString())).toList());
    }
  }

  /** Commands of processes named sleep in the cgroup of the compose. */
  private static List<String> sleepers(UUID id) {
    return ProcessHandle.allProcesses()
        .filter(process -> inCgroupOf(process, id))
        .map(process -> process.info().command().orElse(""))
        .filter(command -> command.endsWith("sleep"))
        .toList();
  }

  private static boolean inCgroupOf(ProcessHandle process, UUID id) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cgroup"))
          .contains(id.toString());
    } catch (IOException e) {
      return false;
    }
  }

  private String result(UUID id, String name) throws IOException {
    return Files.readString(lib.resolve("results").resolve(id.toString()).resolve(name));
  }

  private static Set<String> names(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String access(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
        + " "
        + Files.getAttribute(path, "unix:gid");
  }
}
