package io.weldr.worker.installer.anaconda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.LoopDevices;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a disk as Anaconda leaves it: a partition table, swap first, the system second. */
class InstalledDiskTest implements StageReport {
  private static final long MIB = 1 << 20;
  private static final String CONTEXTS = "etc/selinux/targeted/contexts/files/file_contexts";

  private final Path directory =
      Path.of("target/installed-disk", UUID.randomUUID().toString()).toAbsolutePath();
  private final Path disk = directory.resolve("disk.img");
  private final Path tree = directory.resolve("tree");
  private final List<String> lines = new ArrayList<>();

  @BeforeEach
  void prepare() throws Exception {
    Files.createDirectories(tree.resolve(CONTEXTS).getParent());
    Files.writeString(tree.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
    Files.createDirectory(tree.resolve("root"));
    Files.writeString(tree.resolve("root/anaconda-ks.cfg"), "rootpw --iscrypted x\n");
    Files.writeString(
        tree.resolve(CONTEXTS),
        """
        /.*	system_u:object_r:default_t:s0
        /etc/passwd	system_u:object_r:passwd_file_t:s0
        """);
  }

  @Test
  void theSystemIsLabelledAndItsHolesAreFreed() throws Exception {
    partition(true);
    use(60);
    use(82);
    long before = allocated();

    new InstalledDisk(disk).finish(directory.resolve("mounted"), this);

    assertTrue(allocated() <= before - 9 * MIB, before + " " + allocated() + " " + lines);
    assertEquals(
        "system_u:object_r:passwd_file_t:s0",
        run("/usr/sbin/debugfs", "-R", "ea_get -V /etc/passwd security.selinux", root().toString())
            .replace("\0", "")
            .strip());
    assertFalse(
        run("/usr/sbin/debugfs", "-R", "ls -p /root", root().toString()).contains("-ks.cfg"));
    assertNothingIsLeft();
  }

  @Test
  void aDiskWithoutASystemIsToldAndNoFailure() throws Exception {
    partition(false);

    new InstalledDisk(disk).finish(directory.resolve("mounted"), this);

    assertTrue(
        lines.stream()
            .anyMatch(line -> line.startsWith("No partition of the disk has /etc/passwd")),
        lines::toString);
    assertNothingIsLeft();
  }

  private void partition(boolean system) throws Exception {
    run("/usr/bin/truncate", "--size=90M", disk.toString());
    Subprocess.of("/usr/sbin/sfdisk", "--quiet", "--", disk.toString())
        .stdin(
            "label: gpt\nstart=2048, size=8192\nstart=16384, size=131072\nstart=147456, size=32768\n"
                .getBytes(StandardCharsets.US_ASCII))
        .check();
    if (system) {
      fileSystem(16384, tree, "64M");
      fileSystem(147456, Files.createDirectory(directory.resolve("home")), "16M");
    }
    assertEquals(
        List.of(
            new InstalledDisk.Partition(MIB, 4 * MIB),
            new InstalledDisk.Partition(8 * MIB, 64 * MIB),
            new InstalledDisk.Partition(72 * MIB, 16 * MIB)),
        new InstalledDisk(disk).partitions());
  }

  /** Without a journal, most of it is free. */
  private void fileSystem(int sector, Path content, String size) throws Exception {
    run(
        "/usr/sbin/mkfs.ext4",
        "-q",
        "-O",
        "^has_journal",
        "-E",
        "nodiscard,offset=" + sector * 512,
        "-d",
        content.toString(),
        disk.toString(),
        size);
  }

  /** What no file system uses, as an installation leaves it behind. */
  private void use(int mebibyte) throws Exception {
    run(
        "/usr/bin/dd",
        "if=/dev/urandom",
        "of=" + disk,
        "bs=1M",
        "seek=" + mebibyte,
        "count=5",
        "conv=notrunc");
  }

  /** The second partition in a file of its own. */
  private Path root() throws Exception {
    Path root = directory.resolve("root.img");
    run("/usr/bin/dd", "if=" + disk, "of=" + root, "bs=1M", "skip=8", "count=64");
    return root;
  }

  private long allocated() throws Exception {
    return Long.parseLong(run("/usr/bin/stat", "--format=%b", disk.toString()).strip()) * 512;
  }

  private void assertNothingIsLeft() throws IOException {
    assertEquals(List.of(), LoopDevices.backedBelow(directory));
    assertFalse(Files.readString(Path.of("/proc/self/mountinfo")).contains(directory.toString()));
    assertFalse(Files.exists(directory.resolve("mounted")));
  }

  private static String run(String... argv) throws Exception {
    StringBuilder output = new StringBuilder();
    Subprocess.of(argv).errors(line -> {}).output(line -> output.append(line).append('\n')).check();
    return output.toString();
  }

  @Override
  public void info(String line) {
    lines.add(line);
  }

  @Override
  public void warning(String line) {
    lines.add(line);
  }

  @Override
  public void progress(long done, long total) {
    lines.add(done + " of " + total);
  }
}
