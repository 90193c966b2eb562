package io.weldr.worker.build;

import io.weldr.worker.kickstart.DiskLayout;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.Partition;
import java.util.Optional;

/**
 * What a kickstart asks of the disk, as far as this program can make it: {@code /}, and {@code
 * /boot} in a file system of its own, both ext4.
 *
 * @param rootMib the least size of the root file system
 * @param rootLabel label of the root file system, if one is wanted
 * @param ownBoot whether {@code /boot} is a file system of its own
 */
record DiskRequest(long rootMib, Optional<String> rootLabel, boolean ownBoot) {
  private static final String FILE_SYSTEM = "ext4";

  /**
   * Interprets a layout.
   *
   * @throws KickstartException naming the partition or option that cannot be made
   */
  static DiskRequest of(DiskLayout layout) throws KickstartException {
    boolean ownBoot = layout.required().map(required -> required.boot()).orElse(false);
    long rootMib = 0;
    Optional<String> label = Optional.empty();
    for (Partition partition : layout.partitions()) {
      check(partition);
      switch (partition.mountPoint()) {
        case "/" -> {
          rootMib = partition.sizeMib();
          label = partition.label();
        }
        case "/boot" -> ownBoot = true;
        // The disk has one whether it is asked for or not.
        case "biosboot", "/boot/efi" -> {}
        default ->
            throw KickstartException.unsupportedOption(Partition.NAME, partition.mountPoint());
      }
    }
    return new DiskRequest(rootMib, label, ownBoot);
  }

  private static void check(Partition partition) throws KickstartException {
    boolean mounted = partition.mountPoint().equals("/") || partition.mountPoint().equals("/boot");
    String type = partition.fsType().orElse(FILE_SYSTEM);
    if (mounted && !type.equals(FILE_SYSTEM)) {
      throw KickstartException.unsupportedOption(Partition.NAME, "--fstype=" + type);
    }
    if (partition.mountOptions().isPresent()) {
      throw KickstartException.unsupportedOption(
          Partition.NAME, "--fsoptions=" + partition.mountOptions().get());
    }
    if (partition.maxSizeMib().isPresent()) {
      throw KickstartException.unsupportedOption(
          Partition.NAME, "--maxsize=" + partition.maxSizeMib().getAsLong());
    }
    if (partition.label().map(text -> !text.matches("[A-Za-z0-9._-]{1,16}")).orElse(false)) {
      throw KickstartException.unsupportedOption(
          Partition.NAME, "--label=" + partition.label().get());
    }
  }
}
