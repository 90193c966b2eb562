package io.weldr.worker.installer.anaconda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The disk that Anaconda installed, finished as livemedia-creator does it: the file system with
 * {@code /etc/passwd} gets its SELinux labels, and what no file system uses becomes holes in the
 * file.
 *
 * <p>Security: the kernel reads file systems that Anaconda made and package scripts wrote to, as it
 * did during the installation. They are mounted in the job's own mount namespace, without devices,
 * programs and set-user-ID bits, on loop devices that end with their mounts.
 */
final class InstalledDisk {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final Path disk;

  InstalledDisk(Path disk) {
    this.disk = disk;
  }

  /**
   * A partition, in bytes.
   *
   * @param start offset in the disk
   */
  record Partition(long start, long size) {}

  /**
   * Finishes it. That a partition cannot be mounted is told and is no failure: it may be swap, or a
   * physical volume.
   *
   * @param mountPoint does not exist yet
   */
  void finish(Path mountPoint, StageReport report) throws IOException, InterruptedException {
    Files.createDirectory(mountPoint);
    boolean found = false;
    for (Partition partition : partitions()) {
      if (mount(partition, mountPoint, report)) {
        try {
          if (!found && isRoot(mountPoint)) {
            found = true;
            LeftKickstarts.remove(mountPoint);
            SelinuxLabels.set(mountPoint, report);
          }
          trim(mountPoint, report);
        } finally {
          Subprocess.of("/usr/bin/umount", "--", mountPoint.toString()).timeout(LIMIT).check();
        }
      }
    }
    Files.delete(mountPoint);
    if (!found) {
      report.warning("No partition of the disk has /etc/passwd: no SELinux labels are set");
    }
  }

  /** In the order of the table; none when there is no table. */
  List<Partition> partitions() throws IOException, InterruptedException {
    StringBuilder json = new StringBuilder();
    Subprocess.Result result =
        Subprocess.of("/usr/sbin/sfdisk", "--json", "--", disk.toString())
            .timeout(LIMIT)
            .errors(line -> {})
            .output(line -> json.append(line).append('\n'))
            .run();
    if (result.exitStatus() != 0) {
      return List.of();
    }
    JsonNode table = new ObjectMapper().readTree(json.toString()).path("partitiontable");
    long sector = table.path("sectorsize").asLong(512);
    List<Partition> partitions = new ArrayList<>();
    for (JsonNode partition : table.path("partitions")) {
      partitions.add(
          new Partition(
              partition.path("start").asLong() * sector, partition.path("size").asLong() * sector));
    }
    return partitions;
  }

  private boolean mount(Partition partition, Path mountPoint, StageReport report)
      throws InterruptedException {
    try {
      Subprocess.of(
              "/usr/bin/mount",
              "-o",
              "loop,nodev,noexec,nosuid,offset=%d,sizelimit=%d"
                  .formatted(partition.start(), partition.size()),
              "--",
              disk.toString(),
              mountPoint.toString())
          .timeout(LIMIT)
          .check();
      return true;
    } catch (SubprocessException e) {
      report.info(
          "The partition at byte %d is not mounted: it %s"
              .formatted(partition.start(), e.reason()));
      return false;
    }
  }

  private static boolean isRoot(Path mountPoint) {
    return Files.isDirectory(mountPoint.resolve("etc"), LinkOption.NOFOLLOW_LINKS)
        && Files.isRegularFile(mountPoint.resolve("etc/passwd"), LinkOption.NOFOLLOW_LINKS);
  }

  private static void trim(Path mountPoint, StageReport report) throws InterruptedException {
    try {
      Subprocess.of("/usr/sbin/fstrim", "-v", "--", mountPoint.toString())
          .timeout(LIMIT)
          .output(report::info)
          .check();
    } catch (SubprocessException e) {
      report.warning("Unused space of the disk is not trimmed: fstrim " + e.reason());
    }
  }
}
