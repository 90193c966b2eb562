package io.weldr.worker.image;

/** How a file of an image is compressed. */
public enum Compression {
  NONE,
  XZ,
  ZSTD,
  GZIP
}
