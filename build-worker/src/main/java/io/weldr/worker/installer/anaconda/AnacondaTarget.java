package io.weldr.worker.installer.anaconda;

import java.nio.file.Path;

/** What Anaconda installs into. Nothing is there before, and it lies in the work area. */
public sealed interface AnacondaTarget {
  /** A directory ({@code --dirinstall}): archives, file systems and ISO images are made of it. */
  record Directory(Path tree) implements AnacondaTarget {}

  /**
   * A raw disk ({@code --image}), partitioned as the kickstart says.
   *
   * @param file base name without its extension must be unique on the host: device-mapper entries
   *     get it
   * @param bytes size of the disk
   */
  record Disk(Path file, long bytes) implements AnacondaTarget {}
}
