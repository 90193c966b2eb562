package io.weldr.api.compose;

import io.weldr.api.depsolve.SolvedPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The room for composes on the file system of the state directory. */
public final class DiskSpace {
  private static final long MEBIBYTE = 1 << 20;

  /** The kickstart, logs, package lists: whatever the packages are. */
  private static final long REST = 128 * MEBIBYTE;

  private final Path directory;

  /**
   * @param directory an existing directory on the file system where images are made
   */
  public DiskSpace(Path directory) {
    this.directory = directory;
  }

  /**
   * Better now than after the packages were installed.
   *
   * @throws ComposeRefusedException when tree, archives and image will not fit
   */
  void check(List<SolvedPackage> packages) throws ComposeRefusedException {
    long tree = packages.stream().mapToLong(SolvedPackage::installedSize).sum();
    long archives = packages.stream().mapToLong(SolvedPackage::size).sum();
    // The packages' own numbers leave out what their scripts write; images are compressed.
    long needed = tree + tree / 2 + archives + REST;
    long free = free();
    if (free < needed) {
      throw new ComposeRefusedException(
          "BuildFailed",
          "There is no space for this compose: it needs about "
              + needed / MEBIBYTE
              + " MiB, and "
              + free / MEBIBYTE
              + " MiB are free in "
              + directory
              + "; delete composes that are no longer needed");
    }
  }

  private long free() {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      // The worker, which writes there, reports what is wrong with the place.
      return Long.MAX_VALUE;
    }
  }
}
