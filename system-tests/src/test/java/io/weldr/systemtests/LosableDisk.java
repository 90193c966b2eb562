package io.weldr.systemtests;

import java.nio.file.Path;

/**
 * A disk that can lose its power: an ext4 file system in a file. What the kernel has not written to
 * the file yet is lost by {@link #losePower}, as on a machine. Mounted so that only what is synced
 * can be relied upon: no periodic commit, data not ordered with metadata, no help with renames.
 */
final class LosableDisk implements AutoCloseable {
  private static final String OPTIONS = "loop,data=writeback,noauto_da_alloc,commit=900";

  private final Path image;
  private final Path mountPoint;

  LosableDisk(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
    Command.must("truncate", "-s", "4G", image);
    Command.must("mkfs.ext4", "-q", "-F", image);
    mount();
  }

  private void mount() {
    Command.must("mkdir", "-p", mountPoint);
    Command.must("mount", "-o", OPTIONS, image, mountPoint);
  }

  /** Keeps what has reached the disk by now; nobody may write meanwhile. */
  void losePower() {
    Path kept = image.resolveSibling("kept.img");
    Command.must("cp", "--sparse=always", image, kept);
    Command.must("umount", mountPoint);
    Command.must("mv", kept, image);
    mount();
  }

  @Override
  public void close() {
    Command.run("umount", "-l", mountPoint);
    Command.run("rm", "-f", image);
  }
}
