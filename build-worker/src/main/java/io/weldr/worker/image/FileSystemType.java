package io.weldr.worker.image;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** File systems a system can run from. */
public enum FileSystemType {
  EXT4("ext2", 1, 16),
  XFS("xfs", 0, 12),
  BTRFS("btrfs", 0, 16);

  private final String grubModule;
  private final int checked;
  private final int longestLabel;

  FileSystemType(String grubModule, int checked, int longestLabel) {
    this.grubModule = grubModule;
    this.checked = checked;
    this.longestLabel = longestLabel;
  }

  /** By the name that mount(8) knows. */
  public static Optional<FileSystemType> of(String name) {
    return List.of(values()).stream().filter(type -> type.title().equals(name)).findFirst();
  }

  /** What mount(8) calls it. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The last field of fstab(5) for a root file system: whether it is checked before it is used. */
  public int checked() {
    return checked;
  }

  /** In bytes; not more than 16, so that all of them can be told apart in a menu. */
  public int longestLabel() {
    return longestLabel;
  }

  /** Programs of the host it is made with, besides those of every disk. */
  public List<String> tools() {
    return this == EXT4 ? List.of() : List.of("mkfs." + title());
  }

  /** What GRUB reads it with. */
  String grubModule() {
    return grubModule;
  }
}
