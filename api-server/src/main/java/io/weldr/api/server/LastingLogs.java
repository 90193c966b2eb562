package io.weldr.api.server;

import java.util.logging.LogManager;

/**
 * Loggers that keep their files until the process is gone. Java's own log manager closes them as
 * soon as a signal arrives, while requests still come to their end and have to be logged.
 */
public final class LastingLogs extends LogManager {
  /** For the log manager's own start, which makes the one that the system property names. */
  public LastingLogs() {}

  /** Does nothing: every line is written when it is logged, so no file has to be closed. */
  @Override
  public void reset() {}
}
