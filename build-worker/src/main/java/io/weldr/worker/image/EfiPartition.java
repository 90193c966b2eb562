package io.weldr.worker.image;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.image.DiskPlan.Role;
import io.weldr.worker.image.DiskPlan.Slot;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The EFI system partition: a FAT file system with one program, made by mtools. Many a kernel
 * cannot mount FAT, and none needs to.
 */
final class EfiPartition {
  private EfiPartition() {}

  /** The name of the file system's file. */
  static final String FILE = "esp.img";

  /** FAT32, which every firmware must read, needs 33 MiB. */
  private static final long LEAST_FAT32 = 34 << 20;

  /** The first moment FAT can express. */
  private static final long TIME = 315_532_800;

  /**
   * Writes the file system into its partition of the disk.
   *
   * @param program a regular file; its name is what the firmware looks for
   */
  static void write(DiskPlan plan, Path disk, Path program, StageReport report)
      throws IOException, InterruptedException {
    Slot slot = plan.slot(Role.EFI_SYSTEM).orElseThrow();
    Path made = make(program, plan.ids().efiSerialDigits(), slot.bytes(), report);
    Sandbox.ofHostPrograms()
        .readOnly(made.getParent(), "/efi")
        .writable(disk.getParent(), "/image")
        .command(
            "/usr/bin/dd",
            "if=/efi/" + FILE,
            "of=/image/" + disk.getFileName(),
            "bs=1M",
            "seek=" + (slot.start() >> 20),
            "conv=notrunc,sparse",
            "status=none")
        .check();
    Files.delete(made);
  }

  /**
   * Makes the file system in a file beside the program.
   *
   * @param serial eight hexadecimal digits
   */
  static Path make(Path program, String serial, long bytes, StageReport report)
      throws IOException, InterruptedException {
    Path scratch = program.getParent();
    Path file = scratch.resolve(FILE);
    SparseFile.create(file, bytes);
    Files.setLastModifiedTime(program, FileTime.fromMillis(TIME * 1000));
    String inside = "/efi/" + FILE;
    List<String> mkfs = new ArrayList<>(List.of("/usr/sbin/mkfs.vfat", "--invariant"));
    if (bytes >= LEAST_FAT32) {
      mkfs.addAll(List.of("-F", "32"));
    }
    mkfs.addAll(List.of("-i", serial, "-n", "EFI", "--", inside));
    Sandbox sandbox =
        Sandbox.ofHostPrograms()
            .writable(scratch, "/efi")
            // All time stamps have one value: nobody needs them, and they would tell of the host.
            .with("SOURCE_DATE_EPOCH", Long.toString(TIME))
            .with("TZ", "UTC")
            .with("MTOOLS_SKIP_CHECK", "1");
    String source = "/efi/" + program.getFileName();
    for (List<String> command :
        List.of(
            mkfs,
            List.of("/usr/bin/mmd", "-i", inside, "::EFI", "::EFI/BOOT"),
            List.of("/usr/bin/mcopy", "-m", "-i", inside, source, "::EFI/BOOT/"))) {
      sandbox.command(command).output(report::info).check();
    }
    return file;
  }
}
