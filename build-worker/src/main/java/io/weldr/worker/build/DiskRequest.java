package io.weldr.worker.build;

import io.weldr.worker.image.DiskPlan.Table;
import io.weldr.worker.image.FileSystemType;
import io.weldr.worker.kickstart.DiskLayout;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.Partition;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a kickstart asks of the disk, as far as this program can make it: {@code /}, and {@code
 * /boot} in a file system of its own, which is ext4.
 *
 * @param rootMib the least size of the root file system
 * @param rootType type of the root file system
 * @param rootLabel label of the root file system, if one is wanted
 * @param ownBoot whether {@code /boot} is a file system of its own
 * @param table kind of the partition table
 */
record DiskRequest(
    long rootMib,
    FileSystemType rootType,
    Optional<String> rootLabel,
    boolean ownBoot,
    Table table) {
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]+");

  /**
   * Interprets a layout.
   *
   * @throws KickstartException naming the partition or option that cannot be made
   */
  static DiskRequest of(DiskLayout layout) throws KickstartException {
    boolean ownBoot = layout.required().map(required -> required.boot()).orElse(false);
    Table table = layout.diskLabel().filter("msdos"::equals).isPresent() ? Table.MBR : Table.GPT;
    long rootMib = 0;
    FileSystemType type = FileSystemType.EXT4;
    Optional<String> label = Optional.empty();
    for (Partition partition : layout.partitions()) {
      check(partition);
      switch (partition.mountPoint()) {
        case "/" -> {
          rootMib = partition.sizeMib();
          type = type(partition);
          label = partition.label();
        }
        case "/boot" -> ownBoot = true;
        // The disk has one whether it is asked for or not.
        case "biosboot", "/boot/efi" -> {}
        default ->
            throw KickstartException.unsupportedOption(Partition.NAME, partition.mountPoint());
      }
    }
    return new DiskRequest(rootMib, type, label, ownBoot, table);
  }

  private static void check(Partition partition) throws KickstartException {
    if (partition.mountPoint().equals("/boot") && type(partition) != FileSystemType.EXT4) {
      throw KickstartException.unsupportedOption(
          Partition.NAME, "--fstype=" + partition.fsType().orElse(""));
    }
    if (partition.mountOptions().isPresent()) {
      throw KickstartException.unsupportedOption(
          Partition.NAME, "--fsoptions=" + partition.mountOptions().get());
    }
    if (partition.maxSizeMib().isPresent()) {
      throw KickstartException.unsupportedOption(
          Partition.NAME, "--maxsize=" + partition.maxSizeMib().getAsLong());
    }
    if (partition.label().isPresent()) {
      checkLabel(partition, partition.label().get());
    }
  }

  private static void checkLabel(Partition partition, String label) throws KickstartException {
    boolean root = partition.mountPoint().equals("/");
    int longest = root ? type(partition).longestLabel() : FileSystemType.EXT4.longestLabel();
    if (label.length() > longest || !LABEL.matcher(label).matches()) {
      throw KickstartException.unsupportedOption(Partition.NAME, "--label=" + label);
    }
  }

  private static FileSystemType type(Partition partition) throws KickstartException {
    if (partition.fsType().isEmpty()) {
      return FileSystemType.EXT4;
    }
    String name = partition.fsType().get();
    return FileSystemType.of(name)
        .orElseThrow(
            () -> KickstartException.unsupportedOption(Partition.NAME, "--fstype=" + name));
  }
}
