package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.ResourceControl;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk, a restore from a backup or a wrong clock may do to the files of composes. */
class DamageTest {
  private static final String IMAGE = "root.tar.xz";

  @TempDir Path top;

  private Path lib() {
    return top.resolve("lib");
  }

  @Test
  void thingsOfAnotherTypeInThePlaceOfFilesHangNothingAndAreNotFollowed() throws Exception {
    Path precious = Files.writeString(top.resolve("precious"), "data");
    List<Path> places = new ArrayList<>();
    for (UUID id : finished(6)) {
      Path file =
          List.of(
                  job(id).resolve(ComposeRecord.FILE),
                  result(id).resolve(IMAGE),
                  job(id).resolve(ComposeRecord.FILE),
                  result(id).resolve(IMAGE),
                  job(id).resolve(ComposeRecord.FILE),
                  result(id).resolve(IMAGE))
              .get(places.size());
      Files.delete(file);
      switch (places.size() / 2) {
        case 0 -> fifo(file);
        case 1 -> Files.createDirectory(file);
        default -> Files.createSymbolicLink(file, precious);
      }
      places.add(file);
    }
    try (Composes after = opened()) {
      assertEquals(6, after.queue().list().size());
      for (ComposeRecord record : after.queue().list()) {
        assertDamaged(record, "");
        after.queue().delete(record.id());
      }
      assertEquals(List.of(), names("results"));
    }
    assertEquals("data", Files.readString(precious));
  }

  @Test
  void anImageThatIsGoneOrCutShowsTheComposeFailedWithTheReason() throws Exception {
    List<UUID> ids = finished(3);
    Files.delete(result(ids.get(0)).resolve(IMAGE));
    Files.writeString(result(ids.get(1)).resolve(IMAGE), "TEST");
    try (Composes after = opened()) {
      ComposeRecord gone = after.queue().find(ids.get(0)).orElseThrow();
      assertDamaged(gone, "root.tar.xz is missing");
      assertEquals("finish", gone.blueprintName(), "what is known is still told");
      assertDamaged(after.queue().find(ids.get(1)).orElseThrow(), "root.tar.xz has 4 bytes");
      assertEquals(ComposeState.FINISHED, after.queue().find(ids.get(2)).orElseThrow().state());
      assertEquals(ids, after.queue().list().stream().map(ComposeRecord::id).toList());
      after.queue().delete(ids.get(0));
    }
    Files.writeString(result(ids.get(1)).resolve(IMAGE), "TEST IMAGE");
    try (Composes again = opened()) {
      ComposeRecord restored = again.queue().find(ids.get(1)).orElseThrow();
      assertEquals(ComposeState.FINISHED, restored.state(), "restored from a backup");
    }
  }

  @Test
  void damageShowsWhileTheWorkerRunsAndAWholeImageStays() throws Exception {
    List<UUID> ids = finished(9);
    Files.delete(result(ids.get(0)).resolve(IMAGE));
    ComposeStore.remove(lib().resolve("results"), ids.get(1).toString());
    Files.delete(result(ids.get(2)).resolve("frozen.toml"));
    Files.writeString(result(ids.get(3)).resolve("deps.toml"), "");
    Files.writeString(result(ids.get(4)).resolve("final-kickstart.ks"), "");
    Files.delete(result(ids.get(5)).resolve("COMMIT"));
    Files.createDirectory(result(ids.get(5)).resolve("COMMIT"));
    Path cut = Files.writeString(result(ids.get(6)).resolve("blueprint.toml"), "as comm");
    Path same = result(ids.get(7)).resolve("blueprint.toml");
    Files.writeString(result(ids.get(7)).resolve("foreign"), "not ours");
    for (Path file : List.of(cut, same)) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(3600)));
    }
    try (Composes composes = opened()) {
      JobQueue queue = composes.queue();
      Files.delete(result(ids.get(8)).resolve(IMAGE));
      new DamageWatch(queue, queue.resultCheck(), Clock.systemUTC()).run();
      List<String> reasons =
          List.of(
              "root.tar.xz is missing",
              "results directory is missing",
              "frozen.toml is missing",
              "deps.toml is not what was stored",
              "final-kickstart.ks is empty",
              "COMMIT is not a file",
              "blueprint.toml is not what was stored");
      for (int i = 0; i < reasons.size(); i++) {
        assertDamaged(queue.find(ids.get(i)).orElseThrow(), reasons.get(i));
      }
      assertEquals(ComposeState.FINISHED, queue.find(ids.get(7)).orElseThrow().state());
      assertDamaged(queue.find(ids.get(8)).orElseThrow(), "root.tar.xz is missing");
      assertTrue(queue.find(ids.get(8)).orElseThrow().image().isEmpty());
      assertTrue(queue.find(ids.get(2)).orElseThrow().image().isPresent(), "it is whole");
      for (UUID id : ids) {
        queue.delete(id);
      }
      assertEquals(List.of(), names("results"));
    }
  }

  @Test
  void aLinkInThePlaceOfResultsIsNotWrittenThrough() throws Exception {
    UUID id = finished(1).getFirst();
    Path elsewhere = Files.createDirectory(top.resolve("elsewhere"));
    ComposeStore.remove(lib().resolve("results"), id.toString());
    Files.createSymbolicLink(result(id), elsewhere);
    try (Composes after = opened()) {
      assertDamaged(after.queue().find(id).orElseThrow(), "results");
      after.queue().delete(id);
    }
    assertFalse(Files.exists(result(id), LinkOption.NOFOLLOW_LINKS));
    assertEquals(List.of(), List.of(elsewhere.toFile().list()));
  }

  @Test
  void documentsForUsersMayBeMissingForeignOrOfAnotherType() throws Exception {
    List<UUID> ids = finished(3);
    Files.delete(result(ids.get(0)).resolve(ResultDocuments.STATUS));
    Files.delete(result(ids.get(1)).resolve(ResultDocuments.STATUS));
    fifo(result(ids.get(1)).resolve(ResultDocuments.STATUS));
    Files.delete(result(ids.get(2)).resolve(ResultDocuments.STATUS));
    Files.createDirectory(result(ids.get(2)).resolve(ResultDocuments.STATUS));
    Files.writeString(result(ids.get(2)).resolve("foreign"), "not ours");
    try (Composes after = opened()) {
      for (ComposeRecord record : after.queue().list()) {
        assertEquals(ComposeState.FINISHED, record.state(), record.toString());
      }
      after.queue().tidy();
      assertEquals("FINISHED\n", Files.readString(result(ids.get(0)).resolve("STATUS")));
      assertEquals("FINISHED\n", Files.readString(result(ids.get(1)).resolve("STATUS")));
    }
  }

  @Test
  void aFullDiskAtStartDamagesNothingAndEndsNoRunningBuild() throws Exception {
    Path disk = Files.createDirectory(lib());
    Subprocess.of("/bin/mount", "-t", "tmpfs", "-o", "size=96m", "none", disk.toString()).check();
    try {
      UUID finished = finished(1).getFirst();
      UUID running;
      try (Composes before = TestJobs.open(lib(), 1)) {
        running = TestJobs.submit(before.queue(), TestJobs.job("linger")).id();
        TestJobs.awaitStage(before.queue(), running, "lingering");
      }
      Files.writeString(result(finished).resolve("STATUS"), "RUNNING\n");
      Path filler = lib().resolve("filler");
      fill(filler);
      try (Composes full = opened()) {
        full.queue().tidy();
        assertEquals(ComposeState.FINISHED, full.queue().find(finished).orElseThrow().state());
        assertEquals(ComposeState.RUNNING, full.queue().find(running).orElseThrow().state());
        assertEquals(1, TestJobs.awaitStage(full.queue(), running, "lingering").attempt());
        Files.delete(filler);
        full.queue().cancel(running);
        TestJobs.awaitEnd(full.queue(), running);
      }
    } finally {
      Subprocess.of("/bin/umount", "--", disk.toString()).check();
    }
  }

  @Test
  void aDiskThatBecomesReadOnlyKeepsItsListsAndRefusesChanges() throws Exception {
    String disk = Files.createDirectory(lib()).toString();
    Subprocess.of("/bin/mount", "-t", "tmpfs", "-o", "size=96m", "none", disk).check();
    try {
      UUID id = finished(1).getFirst();
      Files.writeString(result(id).resolve("STATUS"), "RUNNING\n");
      Subprocess.of("/bin/mount", "-o", "remount,ro", "--", disk).check();
      ComposeStore store = new ComposeStore(new StateLayout(lib(), TestJobs.GID));
      ComposeRecord record =
          new Recovery(store, Cgroup.own(), ResourceControl.NONE).composes().getFirst();
      assertEquals(ComposeState.FINISHED, record.state());
      IOException refused =
          org.junit.jupiter.api.Assertions.assertThrows(
              IOException.class, () -> TestJobs.open(lib(), 1).close());
      assertTrue(refused.getMessage().contains("Read-only file system"), refused.getMessage());
    } finally {
      Subprocess.of("/bin/umount", "--", disk).check();
    }
  }

  @Test
  void aClockThatJumpsChangesNoOrderAndMakesNoTimeNegative() throws Exception {
    List<UUID> ids = new ArrayList<>();
    for (String now :
        List.of("2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "1980-01-01T00:00:00Z")) {
      Clock clock = Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
      try (Composes composes = opened(clock)) {
        ids.add(TestJobs.submit(composes.queue(), TestJobs.job("finish")).id());
        TestJobs.awaitEnd(composes.queue(), ids.getLast());
      }
    }
    try (Composes after = opened()) {
      assertEquals(ids, after.queue().list().stream().map(ComposeRecord::id).toList());
    }
    ComposeRecord begun = waiting(TestJobs.job("finish"), 1_000_000).begun(5, "/cgroup", 1);
    assertEquals(1_000_000, begun.startedMs().orElseThrow());
    ComposeRecord failed =
        begun.failed(7, new ComposeRecord.Failure(FailureCode.INTERNAL, "", "", ""));
    assertEquals(1_000_000, failed.finishedMs().orElseThrow());
  }

  @Test
  void aRunningBuildDoesNotTimeOutBecauseTheClockJumps() throws Exception {
    SteppingClock clock = new SteppingClock();
    try (Composes composes = opened(clock)) {
      UUID id = TestJobs.submit(composes.queue(), TestJobs.job("slow")).id();
      TestJobs.awaitStage(composes.queue(), id, "install");
      clock.offset = Duration.ofDays(365);
      assertEquals(ComposeState.FINISHED, TestJobs.awaitEnd(composes.queue(), id).state());
    }
  }

  private static final class SteppingClock extends Clock {
    private volatile Duration offset = Duration.ZERO;

    @Override
    public java.time.ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(offset);
    }
  }

  /** A worker over what is there; one that hangs fails the test. */
  private Composes opened() {
    return assertTimeoutPreemptively(Duration.ofSeconds(60), () -> TestJobs.open(lib(), 1));
  }

  private Composes opened(Clock clock) throws Exception {
    return Composes.open(
        TestJobs.layout(lib()),
        new Admission(10, lib(), lib()),
        job -> new Recipes.Documents("t", "k", "c", IMAGE, 0),
        TestJobs.policy(Duration.ofMinutes(5)),
        1,
        clock);
  }

  private List<UUID> finished(int count) throws Exception {
    List<UUID> ids = new ArrayList<>();
    try (Composes composes = TestJobs.open(lib(), 2)) {
      for (int i = 0; i < count; i++) {
        ids.add(TestJobs.submit(composes.queue(), TestJobs.job("finish")).id());
      }
      for (UUID id : ids) {
        assertEquals(ComposeState.FINISHED, TestJobs.awaitEnd(composes.queue(), id).state());
      }
    }
    return ids;
  }

  private static void assertDamaged(ComposeRecord record, String reason) {
    assertEquals(ComposeState.FAILED, record.state(), record.toString());
    ComposeRecord.Failure failure = record.failure().orElseThrow();
    assertEquals(FailureCode.DAMAGED, failure.code());
    assertTrue(failure.message().contains(reason), failure.message());
    assertFalse(failure.hint().isBlank());
  }

  private static void fifo(Path file) throws Exception {
    Subprocess.of("/usr/bin/mkfifo", "--", file.toString()).check();
  }

  private static void fill(Path file) {
    org.junit.jupiter.api.Assertions.assertThrows(
        IOException.class,
        () -> {
          while (true) {
            Files.write(file, new byte[4096], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          }
        });
  }

  private static ComposeRecord waiting(JobSpec job, long createdMs) {
    return ComposeRecord.waiting(job, 1, "", createdMs, Claim.NONE);
  }

  private Path job(UUID id) {
    return lib().resolve("jobs").resolve(id.toString());
  }

  private Path result(UUID id) {
    return lib().resolve("results").resolve(id.toString());
  }

  private List<String> names(String directory) throws IOException {
    try (var entries = Files.list(lib().resolve(directory))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
