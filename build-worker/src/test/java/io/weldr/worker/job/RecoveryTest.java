package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.ResourceControl;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
  @TempDir Path lib;

  @Test
  void whatAKilledWriteLeftIsRemovedAndNothingElse() throws Exception {
    UUID id;
    try (Composes before = TestJobs.open(lib, 1)) {
      id = TestJobs.submit(before.queue(), TestJobs.job("slow")).id();
      TestJobs.awaitEnd(before.queue(), id);
    }
    Path job = lib.resolve("jobs").resolve(id.toString());
    Path result = lib.resolve("results").resolve(id.toString());
    Path unfinished = Files.writeString(job.resolve(".state.json.4711.16.tmp"), "{");
    Path status = Files.writeString(result.resolve(".STATUS.4711.17.tmp"), "");
    Path foreign = Files.writeString(result.resolve(".notes.tmp"), "mine");
    try (Composes after = TestJobs.open(lib, 1)) {
      after.queue().tidy();
    }
    assertFalse(Files.exists(unfinished));
    assertFalse(Files.exists(status));
    assertTrue(Files.exists(foreign));
  }

  @Test
  void aJobThatStillRunsIsAdoptedWithItsProgress() throws Exception {
    UUID id;
    String cgroup;
    try (Composes before = TestJobs.open(lib, 1)) {
      id = TestJobs.submit(before.queue(), TestJobs.job("linger")).id();
      cgroup = TestJobs.awaitStage(before.queue(), id, "lingering").cgroup().orElseThrow();
    }
    assertTrue(new Cgroup(Path.of(cgroup)).populated(), "the end of the worker ends no job");
    try (Composes after = TestJobs.open(lib, 1)) {
      ComposeRecord adopted = TestJobs.awaitStage(after.queue(), id, "lingering");
      assertEquals(1, adopted.attempt());
      assertEquals(cgroup, adopted.cgroup().orElseThrow());
      after.queue().cancel(id);
      TestJobs.awaitEnd(after.queue(), id);
      assertFalse(new Cgroup(Path.of(cgroup)).exists());
    }
  }

  @Test
  void aJobThatEndedWithoutAWorkerIsTakenAsItEnded() throws Exception {
    UUID id;
    try (Composes before = TestJobs.open(lib, 1)) {
      id = TestJobs.submit(before.queue(), TestJobs.job("slow")).id();
      TestJobs.awaitStage(before.queue(), id, "install");
    }
    Path image = lib.resolve("results").resolve(id.toString()).resolve("root.tar.xz");
    long deadline = System.nanoTime() + TestJobs.LONG.toNanos();
    while (!Files.exists(image) && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    try (Composes after = TestJobs.open(lib, 1)) {
      ComposeRecord record = TestJobs.awaitEnd(after.queue(), id);
      assertEquals(ComposeState.FINISHED, record.state(), record.toString());
      assertEquals(1, record.attempt());
      assertEquals(List.of(new ComposeRecord.StageTime("install", 7)), record.stages());
    }
  }

  @Test
  void aJobThatDiedWithItsWorkerRunsOnceMoreAndThenNoMore() throws Exception {
    UUID id;
    try (Composes before = TestJobs.open(lib, 1)) {
      id = TestJobs.submit(before.queue(), TestJobs.job("linger")).id();
    }
    for (int attempt = 1; attempt <= 2; attempt++) {
      try (Composes worker = TestJobs.open(lib, 1)) {
        int expected = attempt;
        TestJobs.await(worker.queue(), id, record -> record.attempt() == expected);
        TestJobs.awaitStage(worker.queue(), id, "lingering");
      }
      killJob(id);
    }
    try (Composes last = TestJobs.open(lib, 1)) {
      ComposeRecord record = TestJobs.awaitEnd(last.queue(), id);
      assertEquals(FailureCode.INTERRUPTED, record.failure().orElseThrow().code());
      assertEquals(2, record.attempt());
    }
  }

  @Test
  void aJobWithoutASignOfLifeDoesNotUseUpAnAttempt() throws Exception {
    UUID id;
    try (Composes before = TestJobs.open(lib, 1)) {
      id = TestJobs.submit(before.queue(), TestJobs.job("linger")).id();
      TestJobs.awaitStage(before.queue(), id, "lingering");
    }
    killJob(id);
    Files.delete(job(id).resolve(JobEvent.FILE));
    try (Composes after = TestJobs.open(lib, 1)) {
      ComposeRecord record = TestJobs.awaitStage(after.queue(), id, "lingering");
      assertEquals(1, record.attempt());
      after.queue().cancel(id);
      TestJobs.awaitEnd(after.queue(), id);
    }
  }

  @Test
  void aCancellationThatWasInterruptedIsCarriedToItsEnd() throws Exception {
    UUID id;
    String cgroup;
    try (Composes before = TestJobs.open(lib, 1)) {
      id = TestJobs.submit(before.queue(), TestJobs.job("linger")).id();
      cgroup = TestJobs.awaitStage(before.queue(), id, "lingering").cgroup().orElseThrow();
      before.supervisor().close();
      before.queue().cancel(id);
    }
    assertTrue(new Cgroup(Path.of(cgroup)).populated());
    try (Composes after = TestJobs.open(lib, 1)) {
      ComposeRecord record = TestJobs.awaitEnd(after.queue(), id);
      assertEquals(FailureCode.CANCELLED, record.failure().orElseThrow().code());
      assertFalse(new Cgroup(Path.of(cgroup)).exists());
      assertFalse(Files.exists(job(id).resolve("work")));
    }
  }

  @Test
  void waitingComposesKeepTheirOrder() throws Exception {
    List<UUID> ids = new ArrayList<>();
    UUID blocker;
    try (Composes before = TestJobs.open(lib, 1)) {
      blocker = TestJobs.submit(before.queue(), TestJobs.job("linger")).id();
      TestJobs.awaitStage(before.queue(), blocker, "lingering");
      for (int i = 0; i < 6; i++) {
        ids.add(TestJobs.submit(before.queue(), TestJobs.job("finish")).id());
      }
    }
    try (Composes after = TestJobs.open(lib, 1)) {
      assertEquals(ids, after.queue().list().stream().skip(1).map(ComposeRecord::id).toList());
      after.queue().cancel(blocker);
      List<Long> started = new ArrayList<>();
      for (UUID id : ids) {
        started.add(TestJobs.awaitEnd(after.queue(), id).startedMs().orElseThrow());
      }
      assertEquals(started.stream().sorted().toList(), started);
    }
  }

  @Test
  void anAcceptanceCutBeforeItsCommitIsUndone() throws Exception {
    JobSpec job = TestJobs.job("finish");
    stageOnly(job);
    try (Composes after = TestJobs.open(lib, 1)) {
      assertEquals(List.of(), after.queue().list());
      assertEquals(List.of(), entries("results"));
      assertEquals(List.of(".lock"), entries("jobs"));
    }
  }

  @Test
  void anAcceptanceCutAfterItsCommitIsCarriedToItsEnd() throws Exception {
    JobSpec job = TestJobs.job("finish");
    stageOnly(job);
    String id = job.composeId().toString();
    Files.move(lib.resolve("jobs/.staged-" + id), lib.resolve("jobs/" + id));
    try (Composes after = TestJobs.open(lib, 1)) {
      assertEquals(
          ComposeState.FINISHED, TestJobs.awaitEnd(after.queue(), job.composeId()).state());
    }
  }

  @Test
  void aDeletionCutAnywhereIsCarriedToItsEnd() throws Exception {
    for (int step = 0; step < 3; step++) {
      UUID id = finished();
      Files.move(job(id), lib.resolve("jobs/.deleted-" + id));
      if (step > 0) {
        Files.move(lib.resolve("results/" + id), lib.resolve("results/.deleted-" + id));
      }
      if (step > 1) {
        Files.delete(lib.resolve("results/.deleted-" + id).resolve("STATUS"));
      }
      try (Composes after = TestJobs.open(lib, 1)) {
        assertEquals(List.of(), after.queue().list());
        assertEquals(List.of(), entries("results"));
        assertEquals(List.of(".lock"), entries("jobs"));
      }
    }
  }

  @Test
  void damagedComposesAreListedAndCanBeDeletedAndHideNoOther() throws Exception {
    List<UUID> damaged = new ArrayList<>();
    UUID whole;
    try (Composes before = TestJobs.open(lib, 1)) {
      for (int i = 0; i < 4; i++) {
        damaged.add(TestJobs.submit(before.queue(), TestJobs.job("finish")).id());
      }
      whole = TestJobs.submit(before.queue(), TestJobs.job("finish")).id();
      TestJobs.awaitEnd(before.queue(), whole);
    }
    Files.write(job(damaged.get(0)).resolve(ComposeRecord.FILE), new byte[0]);
    Files.delete(job(damaged.get(1)).resolve(ComposeRecord.FILE));
    ComposeStore.remove(lib.resolve("results"), damaged.get(2).toString());
    ComposeStore.remove(lib.resolve("jobs"), damaged.get(3).toString());
    Files.createDirectory(lib.resolve("results/lost+found"));
    try (Composes after = TestJobs.open(lib, 1)) {
      assertEquals(5, after.queue().list().size());
      assertEquals(ComposeState.FINISHED, after.queue().find(whole).orElseThrow().state());
      for (UUID id : damaged) {
        ComposeRecord record = after.queue().find(id).orElseThrow();
        assertEquals(FailureCode.DAMAGED, record.failure().orElseThrow().code());
        after.queue().delete(id);
      }
    }
    try (Composes again = TestJobs.open(lib, 1)) {
      assertEquals(List.of(whole), again.queue().list().stream().map(ComposeRecord::id).toList());
      assertTrue(Files.exists(lib.resolve("results/lost+found")), "not ours, left alone");
    }
  }

  @Test
  void everyTruncationOfAStateIsSurvived() throws Exception {
    UUID id = finished();
    Path state = job(id).resolve(ComposeRecord.FILE);
    byte[] whole = Files.readAllBytes(state);
    ComposeStore store = new ComposeStore(TestJobs.layout(lib));
    Recovery recovery = new Recovery(store, Cgroup.own(), ResourceControl.NONE);
    for (int length = 0; length < whole.length - 1; length++) {
      Files.write(state, java.util.Arrays.copyOf(whole, length));
      ComposeRecord record = recovery.composes().getFirst();
      assertEquals(FailureCode.DAMAGED, record.failure().orElseThrow().code(), "at " + length);
    }
    Files.write(state, whole);
    assertEquals(ComposeState.FINISHED, recovery.composes().getFirst().state());
  }

  @Test
  void deletionFollowsNoPlantedLink() throws Exception {
    Path precious = Files.createDirectory(lib.resolve("precious"));
    Files.writeString(precious.resolve("file"), "data");
    UUID id;
    try (Composes composes = TestJobs.open(lib, 1)) {
      id = TestJobs.submit(composes.queue(), TestJobs.job("linger")).id();
      TestJobs.awaitStage(composes.queue(), id, "lingering");
      Path result = lib.resolve("results").resolve(id.toString());
      Files.createSymbolicLink(result.resolve("planted"), precious);
      Files.createSymbolicLink(result.resolve("logs/planted"), precious);
      Files.createSymbolicLink(job(id).resolve("work/planted"), precious);
      Files.createSymbolicLink(job(id).resolve("planted"), precious);
      Files.createSymbolicLink(result.resolve("logs/combined.log"), precious.resolve("file"));
      composes.queue().cancel(id);
      composes.queue().delete(id);
      assertEquals("data", Files.readString(precious.resolve("file")));
      assertFalse(Files.exists(result, LinkOption.NOFOLLOW_LINKS));
    }
  }

  @Test
  void aTornEventIsReadWhenItIsWhole() throws Exception {
    Path file = lib.resolve("events.jsonl");
    EventTail tail = new EventTail(file);
    assertEquals(List.of(), tail.next());
    String line = new JobEvent.Percent(1, 50).toLine();
    Files.writeString(file, line.substring(0, 10));
    assertEquals(List.of(), tail.next());
    Files.writeString(
        file, line.substring(10) + "\nnot an event\n" + line + "\n", StandardOpenOption.APPEND);
    assertEquals(List.of(new JobEvent.Percent(1, 50), new JobEvent.Percent(1, 50)), tail.next());
    assertEquals(List.of(), tail.next());
  }

  private UUID finished() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("finish")).id();
      TestJobs.awaitEnd(composes.queue(), id);
      return id;
    }
  }

  private void killJob(UUID id) throws Exception {
    try (var cgroups =
        Files.newDirectoryStream(Cgroup.own().path(), JobPolicy.cgroupPrefix(id) + "*")) {
      for (Path cgroup : cgroups) {
        assertTrue(new Cgroup(cgroup).killAndRemove(Duration.ofSeconds(20)));
      }
    }
  }

  /** Does what an acceptance does before its commit. */
  private void stageOnly(JobSpec job) throws Exception {
    String id = job.composeId().toString();
    try (Composes composes = TestJobs.open(lib, 1)) {
      composes.supervisor().close();
      TestJobs.submit(composes.queue(), job);
    }
    Files.move(lib.resolve("jobs/" + id), lib.resolve("jobs/.staged-" + id));
    Files.move(lib.resolve("results/" + id), lib.resolve("results/.staged-" + id));
  }

  private Path job(UUID id) {
    return lib.resolve("jobs").resolve(id.toString());
  }

  private List<String> entries(String directory) throws IOException {
    try (var entries = Files.list(lib.resolve(directory))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
