package io.weldr.worker.job;

/**
 * What a compose claims of the host from its acceptance to its end.
 *
 * @param submitter whose turn it takes
 * @param libBytes disk space that is reserved for it in the state directory
 * @param cacheBytes and in the package cache, where that is another file system
 */
public record Claim(long submitter, long libBytes, long cacheBytes) {
  /** Of a compose that will not run. */
  static final Claim NONE = new Claim(0, 0, 0);
}
