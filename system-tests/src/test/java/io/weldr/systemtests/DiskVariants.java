package io.weldr.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Output types as an administrator adds them: {@code partitioned-disk} with another kickstart. */
final class DiskVariants {
  private static final String DEFAULT = "reqpart --add-boot\n";

  private DiskVariants() {}

  /**
   * A new copy of the installed data with the types {@code xfs-disk}, {@code btrfs-disk} and {@code
   * mbr-disk}. GRUB reads the first two itself: {@code /boot} is on the root file system.
   */
  static Path share() {
    Path share = Installation.privateDirectory("weldr-composer-share-");
    Command.must("cp", "-a", Installation.shared().share() + "/.", share);
    add(share, "xfs-disk", "part / --size=2048 --fstype=xfs --label=system\n", "xfsprogs");
    add(share, "btrfs-disk", "part / --size=2048 --fstype=btrfs --label=system\n", "btrfs-progs");
    add(share, "mbr-disk", "clearpart --all --initlabel --disklabel=msdos\n" + DEFAULT, "fdisk");
    return share;
  }

  private static void add(Path share, String name, String disk, String tools) {
    Path types = share.resolve("composer");
    try {
      String kickstart = Files.readString(types.resolve("partitioned-disk.ks"));
      Files.writeString(
          types.resolve(name + ".ks"),
          kickstart.replace(DEFAULT, disk).replace("\nkernel\n", "\nkernel\n" + tools + "\n"));
      Files.copy(types.resolve("partitioned-disk.toml"), types.resolve(name + ".toml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
