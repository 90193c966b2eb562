package io.weldr.worker.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weldr.worker.host.LoopDevices;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.image.DiskPlan.Role;
import io.weldr.worker.image.DiskPlan.Slot;
import io.weldr.worker.image.DiskPlan.Table;
import io.weldr.worker.image.ImageSpec.Disk;
import io.weldr.worker.image.ImageSpec.DiskArchive;
import io.weldr.worker.image.ImageSpec.Firmware;
import io.weldr.worker.image.ImageSpec.Format;
import io.weldr.worker.spec.BuildException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disks and file systems with a small tree, looked at with the tools of the host. */
class DiskImageTest {
  private static final long MIB = 1 << 20;
  private static final DiskIds IDS = new DiskIds("test");

  @TempDir Path directory;
  private Path tree;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void makeTree() throws Exception {
    tree = Files.createDirectory(directory.resolve("tree"));
    Files.createDirectory(tree.resolve("boot"));
    Files.writeString(tree.resolve("boot/vmlinuz"), "kernel");
    Files.createDirectory(tree.resolve("etc"));
    Files.writeString(tree.resolve("etc/hostname"), "a\n");
    Files.createSymbolicLink(tree.resolve("outside"), Path.of("/etc/shadow"));
    Path tool = Files.write(tree.resolve("tool"), new byte[100_000]);
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx--x--x"));
    run("/usr/sbin/setcap", "cap_net_raw+ep", tool.toString());
    run("/usr/bin/chown", "1234:5678", tree.resolve("etc/hostname").toString());
  }

  @Test
  void theDiskHasThePlannedPartitionsWithFileSystemsThatHoldTheTree() throws Exception {
    DiskPlan plan = DiskPlan.of(IDS, Table.GPT, Set.of(), true, 64 * MIB, 1);
    Path disk = written("one", plan, OptionalLong.empty());

    JsonNode table = new ObjectMapper().readTree(run("/usr/sbin/sfdisk", "-J", disk.toString()));
    assertEquals("gpt", table.at("/partitiontable/label").asText());
    for (int i = 0; i < plan.slots().size(); i++) {
      JsonNode partition = table.at("/partitiontable/partitions/" + i);
      Slot slot = plan.slots().get(i);
      assertEquals(slot.start() / 512, partition.get("start").asLong());
      assertEquals(slot.bytes() / 512, partition.get("size").asLong());
      assertEquals(slot.role().title(), partition.get("name").asText());
    }
    Path root = extracted(disk, plan.slot(Role.ROOT).orElseThrow());
    Path boot = extracted(disk, plan.slot(Role.BOOT).orElseThrow());
    assertSound(root, IDS.fileSystem(Role.ROOT).toString(), "system");
    assertSound(boot, IDS.fileSystem(Role.BOOT).toString(), "boot");
    assertEquals("kernel\n", debugfs(boot, "cat vmlinuz"));
    assertEquals("a\n", debugfs(root, "cat etc/hostname"));
    assertFalse(debugfs(root, "ls -p boot").contains("vmlinuz"));
    assertTrue(debugfs(root, "stat etc/hostname").contains("User:  1234   Group:  5678"));
    assertTrue(debugfs(root, "stat tool").contains("Mode:  0711"));
    assertTrue(debugfs(root, "ea_list tool").contains("security.capability"));
    assertTrue(debugfs(root, "stat outside").contains("Fast link dest: \"/etc/shadow\""));
    assertEquals(List.of(), said);
  }

  @Test
  void anMbrHasRoomForGrubAndAnActivePartition() throws Exception {
    DiskPlan plan = DiskPlan.of(IDS, Table.MBR, EnumSet.allOf(Firmware.class), true, 64 * MIB, 1);
    assertEquals(
        List.of(Role.EFI_SYSTEM, Role.BOOT, Role.ROOT),
        plan.slots().stream().map(Slot::role).toList());
    assertEquals(512, plan.coreSlot().start());
    Path disk = written("one", plan, OptionalLong.empty());

    JsonNode table = new ObjectMapper().readTree(run("/usr/sbin/sfdisk", "-J", disk.toString()));
    assertEquals("dos", table.at("/partitiontable/label").asText());
    assertEquals("0x" + IDS.diskSignature(), table.at("/partitiontable/id").asText());
    assertEquals("ef", table.at("/partitiontable/partitions/0/type").asText());
    assertTrue(table.at("/partitiontable/partitions/1/bootable").asBoolean());
    Path root = extracted(disk, plan.slot(Role.ROOT).orElseThrow());
    assertSound(root, IDS.fileSystem(Role.ROOT).toString(), "system");
  }

  @ParameterizedTest
  @CsvSource({"XFS, xfs_repair -n -f", "BTRFS, btrfs check"})
  void otherFileSystemsHoldTheSame(FileSystemType type, String check) throws Exception {
    DiskPlan plan = DiskPlan.of(IDS, Table.GPT, Set.of(), true, 400 * MIB, 1);
    Path disk = written("one", plan, type, OptionalLong.empty());

    Path root = extracted(disk, plan.slot(Role.ROOT).orElseThrow());
    run("/bin/sh", "-c", check + " " + root);
    assertEquals(
        "system\n%s\n%s\n".formatted(IDS.fileSystem(Role.ROOT), type.title()), identity(root));
    Path mounted = Files.createDirectory(directory.resolve("mounted"));
    String seen =
        run(
            "/usr/bin/unshare",
            "--mount",
            "/bin/sh",
            "-euc",
            "mount -o loop,ro \"$1\" \"$2\"; cd \"$2\"; getcap tool; stat -c '%a %u %g' tool"
                + " etc/hostname; readlink outside; ls -A boot",
            "look",
            root.toString(),
            mounted.toString());
    assertEquals(
        "tool cap_net_raw=ep\n711 0 0\n644 1234 5678\n/etc/shadow\n", seen, type.toString());
    assertTrue(LoopDevices.backedBelow(directory).isEmpty());
  }

  @Test
  void aLinkInThePlaceOfBootIsRefused() throws Exception {
    run("/usr/bin/rm", "-r", tree.resolve("boot").toString());
    Files.createSymbolicLink(tree.resolve("boot"), Path.of("/etc"));
    DiskPlan plan = DiskPlan.of(IDS, Table.GPT, Set.of(), true, 64 * MIB, 1);
    assertThrows(BuildException.class, () -> written("one", plan, OptionalLong.empty()));
  }

  @Test
  void withGivenTimesTheSameTreeGivesTheSameDisk() throws Exception {
    DiskPlan plan = DiskPlan.of(IDS, Table.GPT, Set.of(), true, 64 * MIB, 1);
    OptionalLong times = OptionalLong.of(1_700_000_000L);
    for (String name : List.of("etc/hostname", "tool", "boot/vmlinuz", "boot", "etc", "")) {
      Files.setLastModifiedTime(tree.resolve(name), FileTime.fromMillis(1_600_000_000_000L));
    }
    String first = Checksum.sha256(written("one", plan, times));
    run("/usr/bin/chmod", "0644", tree.resolve("etc/hostname").toString());
    run("/usr/bin/cat", tree.resolve("tool").toString());

    assertEquals(first, Checksum.sha256(written("two", plan, times)));
  }

  @Test
  void aFileSystemIsAsLargeAsItsContentNeedsOrMore() throws Exception {
    run("/usr/bin/dd", "if=/dev/urandom", "of=" + tree.resolve("large"), "bs=1M", "count=300");
    Path image = directory.resolve("filesystem.img");
    new FilesystemImage(IDS, "data", 100 * MIB, OptionalLong.empty())
        .write(tree, image, new KeptLines(said));
    assertTrue(Files.size(image) > 300 * MIB);
    assertSound(image, IDS.fileSystem(Role.ROOT).toString(), "data");

    Path larger = directory.resolve("larger.img");
    new FilesystemImage(IDS, "", 2048 * MIB, OptionalLong.empty())
        .write(tree, larger, new KeptLines(said));
    assertEquals(2048 * MIB, Files.size(larger));
    long allocated = Long.parseLong(run("/usr/bin/du", "-m", larger.toString()).split("\t")[0]);
    assertTrue(allocated < 400, allocated + " MiB");
  }

  @Test
  void everyFormatHoldsTheSameDisk() throws Exception {
    DiskPlan plan = DiskPlan.of(IDS, Table.GPT, Set.of(), false, 64 * MIB, 1);
    Path raw = written("one", plan, OptionalLong.empty());
    for (Disk disk :
        List.of(
            disk(Format.QCOW2, "compression_type=zstd"),
            disk(Format.QCOW2),
            disk(Format.VMDK, "subformat=streamOptimized"),
            disk(Format.VPC, "subformat=fixed", "force_size"),
            disk(Format.VHDX))) {
      Path copy = Files.createDirectory(directory.resolve("formats")).resolve("disk.raw");
      run("/usr/bin/cp", "--sparse=always", raw.toString(), copy.toString());
      Path image = copy.resolveSibling("image");
      new DiskFormat(disk, new KeptLines(said)).convert(copy, image);

      assertFalse(Files.exists(copy));
      String format = disk.format().name().toLowerCase(Locale.ROOT);
      String compared =
          run("/usr/bin/qemu-img", "compare", "-F", format, raw.toString(), image.toString());
      assertEquals("Images are identical.\n", compared, disk.toString());
      JsonNode info =
          new ObjectMapper()
              .readTree(
                  run(
                      "/usr/bin/qemu-img",
                      "info",
                      "--output=json",
                      "-f",
                      format,
                      image.toString()));
      assertEquals(plan.bytes(), info.get("virtual-size").asLong(), disk.toString());
      run("/usr/bin/rm", "-r", copy.getParent().toString());
    }
    assertEquals(List.of(), said);
  }

  @Test
  void aDiskIsPackedAloneInAnArchive() throws Exception {
    DiskPlan plan = DiskPlan.of(IDS, Table.GPT, Set.of(), false, 64 * MIB, 1024);
    Path raw = written("one", plan, OptionalLong.empty());
    String checksum = Checksum.sha256(raw);
    Path image = raw.resolveSibling("disk.tar.gz");
    Disk disk =
        new Disk(
            Format.RAW,
            List.of(),
            Set.of(),
            1024,
            Optional.of(new DiskArchive(raw.getFileName().toString(), Compression.GZIP)));
    new DiskFormat(disk, new KeptLines(said)).convert(raw, image);

    run("/usr/bin/tar", "-xzf", image.toString(), "-C", directory.toString());
    Path unpacked = directory.resolve(raw.getFileName());
    assertEquals(1 << 30, Files.size(unpacked));
    assertEquals(checksum, Checksum.sha256(unpacked));
  }

  private static Disk disk(Format format, String... options) {
    return new Disk(format, List.of(options), Set.of(), 1, Optional.empty());
  }

  private Path written(String name, DiskPlan plan, OptionalLong times) throws Exception {
    return written(name, plan, FileSystemType.EXT4, times);
  }

  private Path written(String name, DiskPlan plan, FileSystemType type, OptionalLong times)
      throws Exception {
    Path image = Files.createDirectory(directory.resolve(name)).resolve("disk.img");
    Path scratch = Files.createDirectory(directory.resolve(name + "-scratch"));
    new DiskImage(plan, type, "system", Set.of(), times)
        .write(tree, image, scratch, new KeptLines(said));
    return image;
  }

  private Path extracted(Path disk, Slot slot) throws Exception {
    Path file = directory.resolve(slot.role().title());
    run(
        "/usr/bin/dd",
        "if=" + disk,
        "of=" + file,
        "bs=1M",
        "conv=sparse",
        "status=none",
        "skip=" + slot.start() / MIB,
        "count=" + slot.bytes() / MIB);
    return file;
  }

  private void assertSound(Path fileSystem, String uuid, String label) throws Exception {
    run("/usr/sbin/e2fsck", "-fn", fileSystem.toString());
    assertEquals("%s\n%s\next4\n".formatted(label, uuid), identity(fileSystem));
  }

  private static String identity(Path fileSystem) throws Exception {
    List<String> argv = new ArrayList<>(List.of("/usr/sbin/blkid", "-p", "-o", "value"));
    argv.addAll(List.of("-s", "LABEL", "-s", "UUID", "-s", "TYPE", fileSystem.toString()));
    return run(argv.toArray(String[]::new));
  }

  private String debugfs(Path fileSystem, String request) throws Exception {
    return run("/usr/sbin/debugfs", "-R", request, fileSystem.toString());
  }

  private static String run(String... argv) throws Exception {
    StringBuilder text = new StringBuilder();
    Subprocess.of(argv).output(line -> text.append(line).append('\n')).errors(line -> {}).check();
    return text.toString();
  }
}
