package io.weldr.worker.image;

import java.util.List;

/** How a file of an image is compressed. */
public enum Compression {
  NONE,
  XZ,
  ZSTD,
  GZIP;

  /**
   * What tar is told, so that all cores work and equal content gives equal bytes.
   *
   * @param xzLevel 0 to 9, for xz; the others have one that keeps pace with the disk
   */
  List<String> tarOptions(int xzLevel) {
    return switch (this) {
      case NONE -> List.of();
      case XZ -> program("/usr/bin/xz -T0 --check=crc32 -" + xzLevel);
      case ZSTD -> program("/usr/bin/zstd -T0 -q -3");
      case GZIP -> program("/usr/bin/pigz -n");
    };
  }

  private static List<String> program(String line) {
    return List.of("--use-compress-program=" + line);
  }
}
