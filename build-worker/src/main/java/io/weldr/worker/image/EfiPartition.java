package io.weldr.worker.image;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.image.DiskPlan.Role;
import io.weldr.worker.image.DiskPlan.Slot;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

/**
 * The EFI system partition: a FAT file system with one program, made by mtools. Many a kernel
 * cannot mount FAT, and none needs to.
 */
final class EfiPartition {
  private EfiPartition() {}

  /**
   * Writes the file system into its partition of the disk.
   *
   * @param program a regular file; its name is what the firmware looks for
   */
  static void write(DiskPlan plan, Path disk, Path program, StageReport report)
      throws IOException, InterruptedException {
    Slot slot = plan.slot(Role.EFI_SYSTEM).orElseThrow();
    Path scratch = program.getParent();
    Sandbox sandbox =
        Sandbox.ofHostPrograms()
            .writable(scratch, "/efi")
            .writable(disk.getParent(), "/image")
            // All time stamps have one value: nobody needs them, and they would tell of the host.
            .with("SOURCE_DATE_EPOCH", "315532800")
            .with("TZ", "UTC")
            .with("MTOOLS_SKIP_CHECK", "1");
    SparseFile.create(scratch.resolve("esp.img"), slot.bytes());
    Files.setLastModifiedTime(program, FileTime.fromMillis(315_532_800_000L));
    String name = program.getFileName().toString();
    List<List<String>> commands =
        List.of(
            List.of(
                "/usr/sbin/mkfs.vfat",
                "--invariant",
                "-F",
                "32",
                "-i",
                plan.ids().efiSerialDigits(),
                "-n",
                "EFI",
                "--",
                "/efi/esp.img"),
            List.of("/usr/bin/mmd", "-i", "/efi/esp.img", "::EFI", "::EFI/BOOT"),
            List.of("/usr/bin/mcopy", "-m", "-i", "/efi/esp.img", "/efi/" + name, "::EFI/BOOT/"),
            List.of(
                "/usr/bin/dd",
                "if=/efi/esp.img",
                "of=/image/" + disk.getFileName(),
                "bs=1M",
                "seek=" + (slot.start() >> 20),
                "conv=notrunc,sparse",
                "status=none"));
    for (List<String> command : commands) {
      sandbox.command(command).output(report::info).check();
    }
    Files.delete(scratch.resolve("esp.img"));
  }
}
