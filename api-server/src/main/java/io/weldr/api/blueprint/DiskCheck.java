package io.weldr.api.blueprint;

import io.weldr.api.blueprint.DiskSection.LogicalVolume;
import io.weldr.api.blueprint.DiskSection.Partition;
import io.weldr.api.blueprint.DiskSection.Subvolume;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the parts of a {@link DiskSection} must not be together. */
final class DiskCheck {
  private static final int MOST_OF_DOS = 4;
  private static final int LONGEST_LABEL = 36;
  private static final Set<String> FILE_SYSTEMS = Set.of("ext4", "xfs", "vfat", "swap", "none");
  private static final Pattern UUID =
      Pattern.compile("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
  private static final Pattern DOS_TYPE = Pattern.compile("[0-9A-Fa-f]{2}");

  private final DiskSection disk;
  private final TableReader table;
  private final Set<String> mountPoints = new HashSet<>();

  DiskCheck(DiskSection disk, TableReader table) {
    this.disk = disk;
    this.table = table;
  }

  void run() {
    disk.type()
        .filter(type -> !Set.of("gpt", "dos").contains(type))
        .ifPresent(
            type -> add("type", "unknown partition table type: " + type + " (valid: gpt, dos)"));
    if (isDos() && disk.partitions().size() > MOST_OF_DOS) {
      add(
          "partitions",
          "a partition table of type dos only supports up to 4 partitions: got "
              + disk.partitions().size());
    }
    disk.sectorSize()
        .filter(size -> Long.bitCount(size) != 1)
        .ifPresent(size -> add("sector_size", "sector_size must be a power of two"));
    for (int i = 0; i < disk.partitions().size(); i++) {
      check(Document.item("partitions", i), disk.partitions().get(i));
    }
    long groups = count("lvm");
    long volumes = count("btrfs");
    if (groups > 1 || volumes > 1 || groups + volumes > 1) {
      add(
          "partitions",
          "at most one partition may be of type lvm or btrfs: got " + (groups + volumes));
    }
  }

  private boolean isDos() {
    return disk.type().equals(Optional.of("dos"));
  }

  private long count(String type) {
    return disk.partitions().stream().filter(p -> p.type().equals(Optional.of(type))).count();
  }

  private void check(String path, Partition partition) {
    checkEntry(path, partition);
    switch (partition.type().orElse("plain")) {
      case "plain" -> {
        refuse(path, "name", partition.name().isPresent());
        refuse(path, "logical_volumes", !partition.logicalVolumes().isEmpty());
        refuse(path, "subvolumes", !partition.subvolumes().isEmpty());
        needsSize(path, partition.minsize());
        fileSystem(path, partition.fsType(), partition.mountpoint(), false);
      }
      case "lvm" -> {
        refuse(path, "mountpoint", partition.mountpoint().isPresent());
        refuse(path, "label", partition.label().isPresent());
        refuse(path, "fs_type", partition.fsType().isPresent());
        refuse(path, "subvolumes", !partition.subvolumes().isEmpty());
        checkGroup(path, partition.logicalVolumes());
      }
      case "btrfs" -> {
        refuse(path, "mountpoint", partition.mountpoint().isPresent());
        refuse(path, "label", partition.label().isPresent());
        refuse(path, "fs_type", partition.fsType().isPresent());
        refuse(path, "name", partition.name().isPresent());
        refuse(path, "logical_volumes", !partition.logicalVolumes().isEmpty());
        checkVolume(path, partition.subvolumes());
      }
      default -> add(path + ".type", "unknown partition type: " + partition.type().orElseThrow());
    }
  }

  private void checkEntry(String path, Partition partition) {
    Pattern types = isDos() ? DOS_TYPE : UUID;
    if (partition.partType().filter(t -> !types.matcher(t).matches()).isPresent()) {
      add(
          path + ".part_type",
          path + ".part_type must be " + (isDos() ? "two hexadecimal digits" : "a UUID"));
    }
    if (partition.partUuid().filter(u -> isDos() || !UUID.matcher(u).matches()).isPresent()) {
      add(path + ".part_uuid", path + ".part_uuid must be a UUID and needs the table type gpt");
    }
    if (partition.partLabel().filter(l -> isDos() || l.length() > LONGEST_LABEL).isPresent()) {
      add(
          path + ".part_label",
          path + ".part_label must have at most 36 characters and needs the table type gpt");
    }
  }

  private void checkGroup(String path, List<LogicalVolume> volumes) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < volumes.size(); i++) {
      LogicalVolume volume = volumes.get(i);
      String at = path + "." + Document.item("logical_volumes", i);
      if (volume.name().filter(name -> !names.add(name)).isPresent()) {
        add(at + ".name", "duplicate LVM logical volume name: " + volume.name().orElseThrow());
      }
      needsSize(at, volume.minsize());
      fileSystem(at, volume.fsType(), volume.mountpoint(), true);
    }
  }

  private void checkVolume(String path, List<Subvolume> subvolumes) {
    if (subvolumes.isEmpty()) {
      add(path, path + " needs at least one of subvolumes");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < subvolumes.size(); i++) {
      Subvolume subvolume = subvolumes.get(i);
      String at = path + "." + Document.item("subvolumes", i);
      if (!subvolume.name().isEmpty() && !names.add(subvolume.name())) {
        add(at + ".name", "duplicate btrfs subvolume name: " + subvolume.name());
      }
      if (Set.of("/boot", "/boot/efi").contains(subvolume.mountpoint())) {
        add(at + ".mountpoint", subvolume.mountpoint() + " cannot be on btrfs");
      }
      unique(at, Optional.of(subvolume.mountpoint()));
    }
  }

  private void fileSystem(
      String path, Optional<String> type, Optional<String> mountPoint, boolean onGroup) {
    if (type.filter(t -> !FILE_SYSTEMS.contains(t)).isPresent()) {
      add(path + ".fs_type", path + ".fs_type must be ext4, xfs, vfat, swap or none");
    }
    boolean mounted = type.filter(Set.of("swap", "none")::contains).isEmpty();
    if (!mounted && mountPoint.isPresent()) {
      add(path + ".mountpoint", "a mountpoint cannot be used with fs_type " + type.orElseThrow());
    }
    if (mounted && mountPoint.isEmpty()) {
      add(path, path + " is missing 'mountpoint'");
    }
    if (mountPoint.equals(Optional.of("/boot"))
        && (onGroup || type.filter(t -> !Set.of("xfs", "ext4").contains(t)).isPresent())) {
      add(path + ".mountpoint", "/boot must be xfs or ext4 on a plain partition");
    }
    if (mountPoint.equals(Optional.of("/boot/efi"))
        && (onGroup || !type.equals(Optional.of("vfat")))) {
      add(path + ".mountpoint", "/boot/efi must be vfat on a plain partition");
    }
    unique(path, mountPoint);
  }

  private void unique(String path, Optional<String> mountPoint) {
    if (mountPoint.filter(m -> !m.isEmpty() && !mountPoints.add(m)).isPresent()) {
      add(path + ".mountpoint", "duplicate mountpoint " + mountPoint.orElseThrow());
    }
  }

  private void needsSize(String path, Optional<DataSize> size) {
    if (size.filter(s -> s.bytes() > 0).isEmpty()) {
      add(path, path + ": minsize is required");
    }
  }

  private void refuse(String path, String key, boolean present) {
    if (present) {
      add(path + "." + key, path + "." + key + " does not fit the type of the partition");
    }
  }

  private void add(String path, String message) {
    table.problems().add(table.path() + "." + path, message);
  }
}
