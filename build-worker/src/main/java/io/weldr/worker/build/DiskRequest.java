package io.weldr.worker.build;

import io.weldr.worker.image.DiskPlan;
import io.weldr.worker.image.DiskPlan.Table;
import io.weldr.worker.image.FileSystemType;
import io.weldr.worker.kickstart.DiskLayout;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.Partition;
import java.util.Optional;
import java.util.Set;
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
  private static final Set<String> PARTITION = Set.of(Partition.NAME, Partition.LONG_NAME);
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
          if (label.isPresent()) {
            checkLabel(partition, label.get());
          }
        }
        case "/boot" -> {
          checkFixed(partition, DiskPlan.BOOT_MIB, Set.of("ext4"));
          ownBoot = true;
        }
        // The disk has these whether they are asked for or not.
        case "/boot/efi" -> checkFixed(partition, DiskPlan.EFI_MIB, Set.of("efi", "vfat"));
        case "biosboot" -> checkFixed(partition, DiskPlan.BIOS_BOOT_MIB, Set.of("biosboot"));
        default ->
            throw KickstartException.unsupportedOption(Partition.NAME, partition.mountPoint());
      }
    }
    return new DiskRequest(rootMib, type, label, ownBoot, table);
  }

  /**
   * Of a tree that Anaconda made from commands which this program need not know: only how large the
   * root file system is wanted.
   */
  static DiskRequest ofTree(Kickstart kickstart) {
    long rootMib =
        kickstart.commands().stream()
            .filter(command -> PARTITION.contains(command.name()))
            .filter(command -> command.arguments().contains("/"))
            .mapToLong(command -> AnacondaDisk.size(command.arguments()))
            .max()
            .orElse(0);
    return new DiskRequest(rootMib, FileSystemType.EXT4, Optional.empty(), false, Table.GPT);
  }

  private static void check(Partition partition) throws KickstartException {
    if (partition.mountOptions().isPresent()) {
      throw KickstartException.unsupportedOption(
          Partition.NAME, "--fsoptions=" + partition.mountOptions().get());
    }
    if (partition.maxSizeMib().isPresent()) {
      throw KickstartException.unsupportedOption(
          Partition.NAME, "--maxsize=" + partition.maxSizeMib().getAsLong());
    }
  }

  private static void checkLabel(Partition root, String label) throws KickstartException {
    if (label.length() > type(root).longestLabel() || !LABEL.matcher(label).matches()) {
      throw KickstartException.unsupportedOption(Partition.NAME, "--label=" + label);
    }
  }

  /** Partitions whose size, type and label are always the same. */
  private static void checkFixed(Partition partition, long mebibytes, Set<String> types)
      throws KickstartException {
    if (partition.sizeMib() > mebibytes) {
      throw KickstartException.unsupportedOption(Partition.NAME, "--size=" + partition.sizeMib());
    }
    if (partition.fsType().isPresent() && !types.contains(partition.fsType().get())) {
      throw KickstartException.unsupportedOption(
          Partition.NAME, "--fstype=" + partition.fsType().get());
    }
    if (partition.label().isPresent()) {
      throw KickstartException.unsupportedOption(
          Partition.NAME, "--label=" + partition.label().get());
    }
    if (partition.grow()) {
      throw KickstartException.unsupportedOption(Partition.NAME, "--grow");
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
