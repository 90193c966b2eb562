package io.weldr.worker.image;

import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** A file system that is made with a tree in it, at a place of a file. */
sealed interface FileSystem permits Ext4, MountedFileSystem {
  /**
   * One of the given type.
   *
   * @param without a directory of the tree that another file system holds
   * @param times as in {@link Ext4}
   */
  static FileSystem of(
      FileSystemType type, UUID id, String label, Optional<String> without, OptionalLong times) {
    return switch (type) {
      case EXT4 -> new Ext4(id, label, without, times);
      case XFS, BTRFS -> new MountedFileSystem(type, id, label, without);
    };
  }

  /**
   * Writes the file system.
   *
   * @param tree its content
   * @param file exists; where the file system will lie it has no data
   * @param offset bytes from the file's beginning, a multiple of 4 KiB
   * @param bytes size of the file system, a multiple of 4 KiB
   */
  void write(Path tree, Path file, long offset, long bytes, StageReport report)
      throws IOException, InterruptedException;
}
