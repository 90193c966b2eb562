package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.BlueprintDocument;
import io.weldr.worker.spec.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
  private static final Recipes RECIPES = job -> new Recipes.Documents("t", "k", "c", "i", 5000);

  @TempDir Path top;
  private Path lib;

  @BeforeEach
  void mountSmallFileSystem() throws Exception {
    lib = Files.createDirectory(top.resolve("lib"));
    Subprocess.of("/bin/mount", "-t", "tmpfs", "-o", "size=1m", "none", lib.toString()).check();
  }

  @AfterEach
  void unmount() throws Exception {
    Subprocess.of("/bin/umount", "--", lib.toString()).check();
  }

  @Test
  void aJobForWhichThereIsNoRoomIsRefusedBeforeAnythingIsWritten() throws Exception {
    JobQueue queue =
        new JobQueue(
            new ComposeStore(TestJobs.layout(lib)),
            new Admission(10, lib, lib),
            RECIPES,
            Clock.systemUTC(),
            List.of());
    var refused =
        assertThrows(
            RequestRefusedException.class, () -> TestJobs.submit(queue, TestJobs.job("finish")));
    assertEquals(RequestRefusedException.Reason.NO_SPACE, refused.reason());
    assertTrue(refused.getMessage().contains("MiB"), refused.getMessage());
    assertNothingThere();
  }

  @Test
  void aDiskThatGetsFullWhileAJobIsStoredLeavesNothingAndTheNextOneIsAccepted() throws Exception {
    ComposeStore store = new ComposeStore(TestJobs.layout(lib));
    for (int size : new int[] {1 << 20, 700_000, 520_000}) {
      JobSpec job = withDocuments(TestJobs.job("finish"), size);
      assertThrows(IOException.class, () -> store.accept(job, RECIPES.documents(job), record(job)));
      assertNothingThere();
    }
    JobSpec small = TestJobs.job("finish");
    store.accept(small, RECIPES.documents(small), record(small));
    assertTrue(Files.exists(lib.resolve("results/" + small.composeId())));
  }

  @Test
  void aChangeThatCannotBeStoredIsNotMadeAndTheOldStateStays() throws Exception {
    ComposeStore store = new ComposeStore(TestJobs.layout(lib));
    JobSpec job = TestJobs.job("finish");
    store.accept(job, RECIPES.documents(job), record(job));
    JobQueue queue =
        new JobQueue(
            store, new Admission(10, lib, lib), RECIPES, Clock.systemUTC(), List.of(record(job)));
    Path filler = lib.resolve("filler");
    fill(filler);
    assertThrows(IOException.class, () -> queue.cancel(job.composeId()));
    assertEquals(ComposeState.WAITING, queue.find(job.composeId()).orElseThrow().state());
    Files.delete(filler);
    queue.cancel(job.composeId());
    assertEquals(ComposeState.FAILED, queue.find(job.composeId()).orElseThrow().state());
  }

  private static void fill(Path file) {
    assertThrows(
        IOException.class,
        () -> {
          while (true) {
            Files.write(file, new byte[4096], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          }
        });
  }

  private void assertNothingThere() throws IOException {
    for (String directory : List.of("jobs", "results")) {
      try (var entries = Files.list(lib.resolve(directory))) {
        assertEquals(List.of(), entries.toList());
      }
    }
  }

  private static JobSpec withDocuments(JobSpec job, int size) {
    BlueprintDocument blueprint =
        new BlueprintDocument("b", "0.0.1", "c".repeat(40), "#".repeat(size), "");
    return new JobSpec(
        job.composeId(),
        job.outputType(),
        blueprint,
        job.packages(),
        job.sources(),
        job.customizations(),
        job.testMode(),
        0,
        0,
        0);
  }

  private static ComposeRecord record(JobSpec job) {
    return ComposeRecord.waiting(job, 1, "", 1, Claim.NONE);
  }
}
