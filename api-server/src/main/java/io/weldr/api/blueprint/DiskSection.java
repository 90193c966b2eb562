package io.weldr.api.blueprint;

import java.util.List;
import java.util.Optional;

/**
 * The partition table of an image.
 *
 * @param type gpt or dos
 * @param sectorSize bytes
 */
public record DiskSection(
    Optional<String> type,
    Optional<DataSize> minsize,
    Optional<DataSize> startOffset,
    @Key(least = 1, most = 1 << 20) Optional<Long> sectorSize,
    List<Partition> partitions)
    implements Section {
  public DiskSection {
    partitions = List.copyOf(partitions);
  }

  @Override
  public void check(TableReader table) {
    new DiskCheck(this, table).run();
  }

  /**
   * A file system of its own.
   *
   * @param size another name for minsize
   */
  public record Filesystem(
      @Key(rule = ValueRule.MOUNT_POINT) String mountpoint,
      Optional<DataSize> minsize,
      Optional<DataSize> size)
      implements Section {
    @Override
    public void check(TableReader table) {
      if (table.has("size") && table.has("minsize")) {
        table.problem("size", "cannot be used together with minsize");
      } else if (!table.has("size")) {
        table.requires("minsize");
      }
      for (Optional<DataSize> given : List.of(minsize, size)) {
        if (given.filter(s -> s.bytes() == 0).isPresent()) {
          table.problem(minsize.isPresent() ? "minsize" : "size", "must be more than 0");
        }
      }
    }
  }

  /**
   * A partition: a plain one with a file system, a volume group, or a btrfs volume.
   *
   * @param type plain (when absent), lvm or btrfs
   * @param name of the volume group
   */
  @Strict
  public record Partition(
      Optional<String> type,
      @Key(rule = ValueRule.LINE) Optional<String> partType,
      @Key(rule = ValueRule.LINE) Optional<String> partUuid,
      @Key(rule = ValueRule.LINE) Optional<String> partLabel,
      Optional<DataSize> minsize,
      @Key(rule = ValueRule.MOUNT_POINT) Optional<String> mountpoint,
      @Key(rule = ValueRule.LINE) Optional<String> label,
      @Key(rule = ValueRule.LINE) Optional<String> fsType,
      @Key(rule = ValueRule.VOLUME_NAME) Optional<String> name,
      List<LogicalVolume> logicalVolumes,
      List<Subvolume> subvolumes)
      implements Section {
    public Partition {
      logicalVolumes = List.copyOf(logicalVolumes);
      subvolumes = List.copyOf(subvolumes);
    }
  }

  /** A volume of a volume group. */
  @Strict
  public record LogicalVolume(
      @Key(rule = ValueRule.VOLUME_NAME) Optional<String> name,
      Optional<DataSize> minsize,
      @Key(rule = ValueRule.MOUNT_POINT) Optional<String> mountpoint,
      @Key(rule = ValueRule.LINE) Optional<String> label,
      @Key(rule = ValueRule.LINE) Optional<String> fsType)
      implements Section {}

  /** A subvolume of a btrfs volume. */
  @Strict
  public record Subvolume(
      @Key(rule = ValueRule.LINE) String name, @Key(rule = ValueRule.MOUNT_POINT) String mountpoint)
      implements Section {}
}
