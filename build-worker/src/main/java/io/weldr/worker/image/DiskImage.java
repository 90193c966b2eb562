package io.weldr.worker.image;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.image.DiskPlan.Role;
import io.weldr.worker.image.DiskPlan.Slot;
import io.weldr.worker.image.ImageSpec.Firmware;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A raw, sparse disk with a tree on it. With ext4 neither root's rights nor a loop device, a mount
 * or a kernel that knows the file systems is needed: every part is written at its place in the
 * file.
 *
 * @param plan how it is divided
 * @param rootType the root file system
 * @param rootLabel of the root file system, at most as long as its type allows; may be empty
 * @param firmware what starts it
 * @param times as in {@link Ext4}
 */
public record DiskImage(
    DiskPlan plan,
    FileSystemType rootType,
    String rootLabel,
    Set<Firmware> firmware,
    OptionalLong times) {
  public DiskImage {
    firmware = Set.copyOf(firmware);
  }

  /**
   * Writes the disk.
   *
   * @param tree its content, already set up to boot from the plan's file systems
   * @param file does not exist yet
   * @param scratch an empty directory
   */
  public void write(Path tree, Path file, Path scratch, StageReport report)
      throws BuildException, IOException, InterruptedException {
    Optional<Slot> boot = plan.slot(Role.BOOT);
    if (boot.isPresent() && !Files.isDirectory(tree.resolve("boot"), LinkOption.NOFOLLOW_LINKS)) {
      throw new BuildException(
          FailureCode.INTERNAL,
          "/boot of the installed system is not a directory",
          "A package replaced it; see logs/combined.log of the compose.");
    }
    SparseFile.create(file, plan.bytes());
    writePartitionTable(file, report);
    if (boot.isPresent()) {
      fileSystem(FileSystemType.EXT4, Role.BOOT, "boot", Optional.empty())
          .write(tree.resolve("boot"), file, boot.get().start(), boot.get().bytes(), report);
    }
    Slot root = plan.slot(Role.ROOT).orElseThrow();
    fileSystem(rootType, Role.ROOT, rootLabel, boot.map(slot -> "boot"))
        .write(tree, file, root.start(), root.bytes(), report);
    new Grub(tree, scratch, plan, rootType, report).install(file, firmware);
  }

  private FileSystem fileSystem(
      FileSystemType type, Role role, String label, Optional<String> without) {
    return FileSystem.of(type, plan.ids().fileSystem(role), label, without, times);
  }

  private void writePartitionTable(Path file, StageReport report)
      throws IOException, InterruptedException {
    Sandbox.ofHostPrograms()
        .writable(file.getParent(), "/image")
        .command("/usr/sbin/sfdisk", "--quiet", "--no-reread", "--", "/image/" + file.getFileName())
        .stdin(plan.sfdiskScript().getBytes(StandardCharsets.US_ASCII))
        .output(report::info)
        .check();
  }
}
