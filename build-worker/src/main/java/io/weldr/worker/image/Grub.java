package io.weldr.worker.image;

import io.weldr.worker.image.DiskPlan.Role;
import io.weldr.worker.image.DiskPlan.Slot;
import io.weldr.worker.image.ImageSpec.Firmware;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * GRUB, made by the programs of the tree and put where the firmware looks: in the boot sector and
 * the BIOS boot partition, and in the removable-media path of the EFI system partition, which needs
 * no entry in a machine's EFI variables. It reads {@code grub.cfg} from the file system with the
 * kernels.
 */
final class Grub {
  // Where the boot sector keeps the sector of the next stage, and the test for a drive that a BIOS
  // numbers wrongly, which is replaced by two NOPs as grub-install does it
  // (grub-core/boot/i386/pc/boot.S, include/grub/i386/pc/boot.h).
  private static final int BOOT_CODE_BYTES = 440;
  private static final int KERNEL_SECTOR = 0x5C;
  private static final int DRIVE_CHECK = 0x66;
  private static final short NOPS = (short) 0x9090;

  /** Where the first sector of the core keeps the sector of the rest of it. */
  private static final int BLOCK_LIST = 0x1F4;

  private final GrubPrograms programs;
  private final DiskPlan plan;
  private final FileSystemType bootType;

  /**
   * @param scratch an empty directory
   * @param rootType the root file system
   */
  Grub(Path tree, Path scratch, DiskPlan plan, FileSystemType rootType, StageReport report) {
    this.programs = new GrubPrograms(tree, scratch, report);
    this.plan = plan;
    this.bootType = plan.slot(Role.BOOT).isPresent() ? FileSystemType.EXT4 : rootType;
  }

  /** Puts it on the disk. */
  void install(Path disk, Set<Firmware> firmware)
      throws BuildException, IOException, InterruptedException {
    if (firmware.contains(Firmware.BIOS)) {
      makeImage("i386-pc", "core.img", List.of("biosdisk"));
      programs.copy("/usr/lib/grub/i386-pc/boot.img", "boot.img");
      writeBootSector(disk);
    }
    if (firmware.contains(Firmware.UEFI)) {
      EfiTarget target = EfiTarget.ofThisMachine();
      makeImage(target.format(), target.fileName(), EfiTarget.MODULES);
      EfiPartition.write(
          plan, disk, programs.scratch().resolve(target.fileName()), programs.report());
    }
  }

  private void makeImage(String format, String file, List<String> modules)
      throws BuildException, IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(bootType.grubModule(), "search_fs_uuid"));
    all.addAll(modules);
    programs.makeImage(format, format, file, earlyConfiguration(), all);
  }

  /** Where GRUB's directory is. */
  private String earlyConfiguration() {
    String path = plan.slot(Role.BOOT).isPresent() ? "/" : "/boot/";
    return """
        search --no-floppy --fs-uuid --set=root %s
        set prefix=($root)%s
        configfile $prefix/grub.cfg
        """
        .formatted(plan.ids().fileSystem(plan.bootSlot().role()), path + programs.name());
  }

  private void writeBootSector(Path disk) throws IOException {
    Slot slot = plan.coreSlot();
    long sector = slot.start() / DiskPlan.SECTOR;
    ByteBuffer core = programs.read("core.img");
    ByteBuffer boot = programs.read("boot.img");
    if (core.limit() > slot.bytes() || core.limit() < DiskPlan.SECTOR) {
      throw new IOException("GRUB's core image has " + core.limit() + " bytes");
    }
    core.putLong(BLOCK_LIST, sector + 1);
    boot.putLong(KERNEL_SECTOR, sector);
    boot.putShort(DRIVE_CHECK, NOPS);
    try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
      channel.write(boot.limit(BOOT_CODE_BYTES), 0);
      channel.write(core, slot.start());
    }
  }
}
