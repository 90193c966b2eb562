package io.weldr.worker.image;

import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A tree as one ext4 file system, without a partition table around it; sparse.
 *
 * @param label at most 16 bytes; may be empty
 * @param bytes at least this size
 * @param times as in {@link Ext4}
 */
public record FilesystemImage(DiskIds ids, String label, long bytes, OptionalLong times) {
  private static final long MIB = 1 << 20;

  /**
   * Writes the image.
   *
   * @param file does not exist yet
   */
  public void write(Path tree, Path file, StageReport report)
      throws IOException, InterruptedException {
    long size = (Math.max(bytes, TreeSize.of(tree).ext4Bytes()) + MIB - 1) / MIB * MIB;
    SparseFile.create(file, size);
    new Ext4(ids.fileSystem(DiskPlan.Role.ROOT), label, Optional.empty(), times)
        .write(tree, file, 0, size, report);
  }
}
