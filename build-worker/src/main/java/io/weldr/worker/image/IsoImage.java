package io.weldr.worker.image;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.image.DiskPlan.Role;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A live system on an ISO 9660 image that starts from CD and from USB, by BIOS and by UEFI: the
 * tree as a squashfs, kernel and initial RAM disk beside it, GRUB as El Torito images, and a hybrid
 * partition table whose second partition is the EFI system partition.
 *
 * <p>Security: mksquashfs and xorriso run in sandboxes that see the tree, or the medium's
 * directory, and nothing else; they may read every file and change none.
 *
 * @param ids its parts' identity
 * @param kind what starts the system
 * @param volumeId at most 32 letters, digits, {@code _} and {@code -}
 * @param menu GRUB's, for a kernel {@link #KERNEL} and {@link #RAM_DISK}
 * @param times seconds since 1970 of everything; empty = the present
 */
public record IsoImage(
    DiskIds ids,
    LiveKind kind,
    String volumeId,
    String menu,
    Compression compression,
    OptionalLong times) {
  /** Where the kernel lies on the medium. */
  public static final String KERNEL = "/images/pxeboot/vmlinuz";

  /** Where the initial RAM disk lies. */
  public static final String RAM_DISK = "/images/pxeboot/initrd.img";

  private static final String EFI_TYPE = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";
  private static final long EFI_BYTES = 8 << 20;
  private static final String EL_TORITO = "boot/grub/eltorito.img";
  private static final String CHECKSUMS = "sha256sum.txt";
  private static final List<String> MODULES = List.of("iso9660", "search_fs_file");

  /**
   * Lays out the medium.
   *
   * @param kernel base name of the kernel in the tree's {@code /boot}
   * @param ramDisk likewise
   * @param medium an empty directory
   */
  public void prepare(Path tree, String kernel, String ramDisk, Path medium, StageReport report)
      throws IOException, InterruptedException {
    Path squashfs = medium.resolve(kind.squashfs());
    Files.createDirectories(squashfs.getParent());
    copy(tree, kernel, medium.resolve(KERNEL.substring(1)), report);
    copy(tree, ramDisk, medium.resolve(RAM_DISK.substring(1)), report);
    pack(tree, squashfs, report);
  }

  /** By the tree's own program, which may follow links within the tree. */
  private static void copy(Path tree, String name, Path file, StageReport report)
      throws IOException, InterruptedException {
    Files.createDirectories(file.getParent());
    Sandbox.ofTree(tree)
        .writable(file.getParent(), "/run/medium")
        .command("/bin/cp", "--", "/boot/" + name, "/run/medium/" + file.getFileName())
        .output(report::info)
        .check();
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("/boot/" + name + " of the tree is not a file");
    }
  }

  private void pack(Path tree, Path squashfs, StageReport report)
      throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("/usr/bin/mksquashfs", "/tree"));
    argv.addAll(List.of("/image/" + squashfs.getFileName(), "-noappend", "-no-progress"));
    argv.addAll(List.of("-quiet", "-b", "1M"));
    argv.addAll(
        switch (compression) {
          case XZ -> xz();
          case ZSTD -> List.of("-comp", "zstd", "-Xcompression-level", "15");
          case GZIP -> List.of("-comp", "gzip");
          case NONE -> List.of("-noI", "-noD", "-noF", "-noX");
        });
    timed(
            Sandbox.ofHostPrograms()
                .withCapabilities("CAP_DAC_READ_SEARCH")
                .readOnly(tree, "/tree")
                .writable(squashfs.getParent(), "/image"))
        .command(argv)
        .output(report::info)
        .check();
  }

  /** With the filter for the machine's code, where there is one. */
  private static List<String> xz() {
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> List.of("-comp", "xz", "-Xbcj", "x86");
      default -> List.of("-comp", "xz");
    };
  }

  /**
   * Writes the image.
   *
   * @param medium as {@link #prepare} left it
   * @param scratch an empty directory
   * @param file does not exist yet
   */
  public void write(Path tree, Path medium, Path scratch, Path file, StageReport report)
      throws BuildException, IOException, InterruptedException {
    Files.createDirectories(medium.resolve("boot/grub"));
    Files.createDirectories(medium.resolve(".disk"));
    Files.writeString(medium.resolve("boot/grub/grub.cfg"), menu);
    Files.writeString(medium.resolve(mark()), volumeId + "\n");
    boolean bios = Files.isDirectory(tree.resolve("usr/lib/grub/i386-pc"));
    GrubPrograms grub = new GrubPrograms(tree, scratch, report);
    if (bios) {
      List<String> modules = new ArrayList<>(MODULES);
      modules.add("biosdisk");
      grub.makeImage("i386-pc-eltorito", "i386-pc", "eltorito.img", early(), modules);
      Files.write(medium.resolve(EL_TORITO), grub.read("eltorito.img").array());
      grub.copy("/usr/lib/grub/i386-pc/boot_hybrid.img", "boot_hybrid.img");
    }
    EfiTarget target = EfiTarget.ofThisMachine();
    List<String> modules = new ArrayList<>(MODULES);
    modules.addAll(EfiTarget.MODULES);
    grub.makeImage(target.format(), target.format(), target.fileName(), early(), modules);
    EfiPartition.make(scratch.resolve(target.fileName()), ids.efiSerialDigits(), EFI_BYTES, report);
    writeChecksums(medium);
    if (times.isPresent()) {
      TreeTimes.clamp(medium, times.getAsLong());
    }
    timed(
            Sandbox.ofHostPrograms()
                .withCapabilities("CAP_DAC_READ_SEARCH")
                .readOnly(medium, "/medium")
                .readOnly(scratch, "/boot")
                .writable(file.getParent(), "/image"))
        .command(xorriso(bios, "/image/" + file.getFileName()))
        .output(report::info)
        .check();
    implantChecksum(tree, file, report);
  }

  /** A file that no other medium has, so that GRUB finds this one among several. */
  private String mark() {
    return ".disk/" + ids.fileSystem(Role.ROOT);
  }

  private String early() {
    return """
        search --no-floppy --file --set=root /%s
        set prefix=($root)/boot/grub
        configfile $prefix/grub.cfg
        """
        .formatted(mark());
  }

  private List<String> xorriso(boolean bios, String image) {
    List<String> argv = new ArrayList<>(List.of("/usr/bin/xorriso", "-no_rc", "-as", "mkisofs"));
    argv.addAll(List.of("-quiet", "-iso-level", "3", "-r", "-V", volumeId, "-o", image));
    if (times.isPresent()) {
      String date =
          DateTimeFormatter.ofPattern("yyyyMMddHHmmss00")
              .withZone(ZoneOffset.UTC)
              .format(Instant.ofEpochSecond(times.getAsLong()));
      argv.add("--modification-date=" + date);
    }
    argv.addAll(List.of("-append_partition", "2", EFI_TYPE, "/boot/" + EfiPartition.FILE));
    argv.add("-appended_part_as_gpt");
    if (bios) {
      argv.addAll(List.of("--grub2-mbr", "/boot/boot_hybrid.img", "-b", EL_TORITO));
      argv.addAll(List.of("-no-emul-boot", "-boot-load-size", "4", "-boot-info-table"));
      argv.addAll(List.of("--grub2-boot-info", "-eltorito-alt-boot"));
    }
    argv.addAll(List.of("-e", "--interval:appended_partition_2:all::", "-no-emul-boot"));
    argv.add("/medium");
    return argv;
  }

  /** What live-boot compares when it is to test the medium. xorriso changes the El Torito image. */
  private static void writeChecksums(Path medium) throws IOException {
    TreeMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(medium)) {
      found
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .forEach(file -> files.put(medium.relativize(file).toString(), file));
    }
    files.remove(EL_TORITO);
    StringBuilder lines = new StringBuilder();
    for (var file : files.entrySet()) {
      lines.append(Checksum.sha256(file.getValue()));
      lines.append("  ./").append(file.getKey()).append('\n');
    }
    Files.write(medium.resolve(CHECKSUMS), lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The checksum of the whole that checkisomd5 finds, also where dracut tests the medium. */
  private static void implantChecksum(Path tree, Path file, StageReport report)
      throws IOException, InterruptedException {
    if (Files.exists(tree.resolve("usr/bin/implantisomd5"))) {
      Sandbox.ofTree(tree)
          .writable(file.getParent(), "/run/image")
          .command("/usr/bin/implantisomd5", "/run/image/" + file.getFileName())
          .output(report::info)
          .check();
    }
  }

  private Sandbox timed(Sandbox sandbox) {
    return times.isPresent()
        ? sandbox.with("SOURCE_DATE_EPOCH", Long.toString(times.getAsLong()))
        : sandbox;
  }
}
