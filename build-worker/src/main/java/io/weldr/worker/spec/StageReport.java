package io.weldr.worker.spec;

/** Where a running stage says what it does and how far it is. */
public interface StageReport {
  /** A line for the log of the compose. */
  void info(String line);

  /** A line for the log that people should notice. */
  void warning(String line);

  /**
   * How far the stage is.
   *
   * @param done at least 0
   * @param total in the same unit; 0 = unknown
   */
  void progress(long done, long total);
}
