package io.weldr.worker.image;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.image.DiskPlan.Role;
import io.weldr.worker.image.DiskPlan.Slot;
import io.weldr.worker.image.ImageSpec.Firmware;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
 *
 * <p>Security: the tree's programs run in a sandbox whose root is the tree and that can write one
 * directory of the host. What they left there is read as data, only if it is a regular file.
 */
final class Grub {
  private static final String INSIDE = "/run/grub-image";
  private static final int MOST_BYTES = 1 << 20;

  private static final List<String> MODULES =
      List.of(
          "part_gpt",
          "part_msdos",
          "ext2",
          "fat",
          "normal",
          "linux",
          "search",
          "search_fs_uuid",
          "configfile",
          "echo",
          "boot",
          "test",
          "serial",
          "terminal");

  // Where the boot sector keeps the sector of the next stage, and the test for a drive that a BIOS
  // numbers wrongly, which is replaced by two NOPs as grub-install does it
  // (grub-core/boot/i386/pc/boot.S, include/grub/i386/pc/boot.h).
  private static final int BOOT_CODE_BYTES = 440;
  private static final int KERNEL_SECTOR = 0x5C;
  private static final int DRIVE_CHECK = 0x66;
  private static final short NOPS = (short) 0x9090;

  /** Where the first sector of the core keeps the sector of the rest of it. */
  private static final int BLOCK_LIST = 0x1F4;

  private final Path tree;
  private final Path scratch;
  private final DiskPlan plan;
  private final StageReport report;

  /**
   * @param scratch an empty directory
   */
  Grub(Path tree, Path scratch, DiskPlan plan, StageReport report) {
    this.tree = tree;
    this.scratch = scratch;
    this.plan = plan;
    this.report = report;
  }

  /** Puts it on the disk. */
  void install(Path disk, Set<Firmware> firmware) throws IOException, InterruptedException {
    Files.writeString(scratch.resolve("early.cfg"), earlyConfiguration());
    if (firmware.contains(Firmware.BIOS)) {
      makeImage("i386-pc", "core.img", List.of("biosdisk"));
      inTree("/bin/cp", "--", "/usr/lib/grub/i386-pc/boot.img", INSIDE + "/boot.img");
      writeBootSector(disk);
    }
    if (firmware.contains(Firmware.UEFI)) {
      EfiTarget target = EfiTarget.ofThisMachine();
      makeImage(target.format(), target.fileName(), List.of());
      // Read here as well, so that what the tree left is a file and nothing else.
      read(target.fileName());
      EfiPartition.write(plan, disk, scratch.resolve(target.fileName()), report);
    }
  }

  /**
   * Where GRUB's directory is. The directory is {@code grub} or {@code grub2}, as the distribution
   * has it; the script finds it by what is installed.
   */
  private String earlyConfiguration() throws IOException {
    String path = plan.slot(Role.BOOT).isPresent() ? "/" : "/boot/";
    return """
        search --no-floppy --fs-uuid --set=root %s
        set prefix=($root)%s
        configfile $prefix/grub.cfg
        """
        .formatted(plan.ids().fileSystem(plan.bootSlot().role()), path + directoryName());
  }

  private boolean namedGrub2() {
    return Files.isExecutable(tree.resolve("usr/bin/grub2-mkimage"));
  }

  private String directoryName() {
    return namedGrub2() ? "grub2" : "grub";
  }

  private void makeImage(String format, String name, List<String> modules)
      throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>();
    argv.add(namedGrub2() ? "/usr/bin/grub2-mkimage" : "/usr/bin/grub-mkimage");
    argv.addAll(List.of("-O", format, "-d", "/usr/lib/grub/" + format));
    argv.addAll(List.of("-c", INSIDE + "/early.cfg", "-p", "/boot/" + directoryName()));
    argv.addAll(List.of("-o", INSIDE + "/" + name, "--"));
    argv.addAll(MODULES);
    argv.addAll(modules);
    inTree(argv.toArray(String[]::new));
  }

  private void inTree(String... argv) throws IOException, InterruptedException {
    Sandbox.ofTree(tree).writable(scratch, INSIDE).command(argv).output(report::info).check();
  }

  private void writeBootSector(Path disk) throws IOException {
    Slot slot = plan.slot(Role.BIOS_BOOT).orElseThrow();
    long sector = slot.start() / DiskPlan.SECTOR;
    ByteBuffer core = read("core.img");
    ByteBuffer boot = read("boot.img");
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

  private ByteBuffer read(String name) throws IOException {
    Path file = scratch.resolve(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || Files.size(file) > 4 * MOST_BYTES) {
      throw new IOException("the tree's GRUB did not make a usable " + name);
    }
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What GRUB and the firmware call an EFI program for a machine. */
  private record EfiTarget(String format, String fileName) {
    static EfiTarget ofThisMachine() throws IOException {
      String machine = System.getProperty("os.arch");
      return switch (machine) {
        case "amd64" -> new EfiTarget("x86_64-efi", "BOOTX64.EFI");
        case "aarch64" -> new EfiTarget("arm64-efi", "BOOTAA64.EFI");
        default -> throw new IOException("no UEFI disks can be made on " + machine);
      };
    }
  }
}
