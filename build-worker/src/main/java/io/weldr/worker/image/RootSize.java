package io.weldr.worker.image;

import io.weldr.worker.spec.JobSpec;

/** The size of the file system {@code /} of images that have one. */
public final class RootSize {
  private static final long MIB = 1 << 20;

  /** What grows after the packages: initramfs, package database, journal, caches. */
  private static final long BESIDE_PACKAGES = 256 * MIB;

  /** A system with less is of no use. */
  private static final long FLOOR = 1024 * MIB;

  private RootSize() {}

  /** MiB: what the content needs, at least 1 GiB, and more where the client asks for more. */
  public static long mebibytes(JobSpec job) {
    long content = job.treeBytes() * ImageSpec.FILE_SYSTEM_PERCENT / 100 + BESIDE_PACKAGES;
    long bytes = Math.max(Math.max(content, FLOOR), job.size());
    return (bytes + MIB - 1) / MIB;
  }
}
