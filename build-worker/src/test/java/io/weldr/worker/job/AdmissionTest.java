package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.TestMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space of real, small file systems. */
class AdmissionTest {
  private static final long MIB = 1 << 20;

  @TempDir Path top;
  private Path lib;
  private Path cache;

  @BeforeEach
  void mount() throws Exception {
    lib = mounted("lib", 400);
    cache = mounted("cache", 110);
  }

  private Path mounted(String name, int mib) throws Exception {
    Path directory = Files.createDirectory(top.resolve(name));
    String size = "size=" + mib + "m";
    Subprocess.of("/bin/mount", "-t", "tmpfs", "-o", size, "none", directory.toString()).check();
    return directory;
  }

  @AfterEach
  void unmount() throws Exception {
    Subprocess.of("/bin/umount", "--", lib.toString(), cache.toString()).check();
  }

  @Test
  void aComposeReservesDownloadsTreeAndImage() throws Exception {
    Claim claim = admission().check(job(10, 100), 30 * MIB, List.of());
    assertEquals(new Claim(7, (2 + 10 + 100 + 25 + 30) * MIB, 10 * MIB), claim);
    Claim oneFileSystem = new Admission(9, lib, lib).check(job(10, 100), 30 * MIB, List.of());
    assertEquals(new Claim(7, claim.libBytes() + 10 * MIB, 0), oneFileSystem);
  }

  @Test
  void withoutTheInstalledSizeItIsGuessedFromTheArchives() throws Exception {
    Claim claim = admission().check(job(10, 0), 0, List.of());
    assertEquals((2 + 10 + 40 + 10) * MIB, claim.libBytes());
  }

  @Test
  void aPretendedComposeNeedsRoomForItsRecordsOnly() throws Exception {
    JobSpec job = job(10_000, 100_000, TestMode.FINISH);
    assertEquals(new Claim(7, 2 * MIB, 0), admission().check(job, 1 << 30, List.of()));
  }

  @Test
  void twoComposesAreNotAdmittedIntoTheSameSpace() throws Exception {
    ComposeRecord first = waiting(admission().check(job(10, 100), 50 * MIB, List.of()));
    var refused =
        assertThrows(
            RequestRefusedException.class,
            () -> admission().check(job(10, 100), 50 * MIB, List.of(first)));
    assertEquals(RequestRefusedException.Reason.NO_SPACE, refused.reason());
    assertEquals(
        "the compose needs about 187 MiB (137 MiB of scratch space, 50 MiB for the image) in "
            + lib
            + " and 400 MiB are free there, of which 251 MiB are reserved for other composes and the"
            + " worker's records; delete old composes or enlarge the file system",
        refused.getMessage());
    var ended = first.failed(1, new ComposeRecord.Failure(null, "", "", ""));
    admission().check(job(10, 100), 50 * MIB, List.of(ended));
  }

  @Test
  void thePackageCacheNeedsRoomToo() throws Exception {
    ComposeRecord first = waiting(admission().check(job(30, 1), 0, List.of()));
    var refused =
        assertThrows(
            RequestRefusedException.class, () -> admission().check(job(30, 1), 0, List.of(first)));
    assertTrue(refused.getMessage().contains("30 MiB in " + cache), refused.getMessage());
  }

  private Admission admission() {
    return new Admission(9, lib, cache);
  }

  private static ComposeRecord waiting(Claim claim) {
    return FairOrderTest.waiting(1, claim);
  }

  private static JobSpec job(long archiveMib, long installedMib) {
    return job(archiveMib, installedMib, TestMode.NONE);
  }

  private static JobSpec job(long archiveMib, long installedMib, TestMode mode) {
    JobSpec job = TestJobs.job("finish");
    PackageSpec pkg =
        new PackageSpec("a", 0, "1", "", "all", "host", "00".repeat(32), archiveMib * MIB);
    return new JobSpec(
        job.composeId(),
        job.outputType(),
        job.blueprint(),
        List.of(pkg),
        job.sources(),
        job.customizations(),
        mode,
        0,
        installedMib * MIB,
        7);
  }
}
