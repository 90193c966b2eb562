package io.weldr.worker;

import java.util.logging.LogManager;

/**
 * Loggers that write until the process is gone. Java's own log manager closes them as soon as a
 * signal arrives, while what happens at the stop has still to be told.
 */
public final class LastingLogs extends LogManager {
  /** For the log manager's own start, which makes the one that the system property names. */
  public LastingLogs() {}

  /** Does nothing: every line is written when it is logged, so nothing has to be closed. */
  @Override
  public void reset() {}
}
