package io.weldr.worker.installer.anaconda;

import java.time.Duration;

/**
 * How long Anaconda may take.
 *
 * @param total from its start to its end
 * @param silence without a new line on its output or in its logs
 * @param settle from the first line of an error message until it is believed to be whole
 * @param grace between SIGTERM, for which it waits for a running scriptlet, and SIGKILL
 */
record AnacondaLimits(Duration total, Duration silence, Duration settle, Duration grace) {
  /**
   * For real composes.
   *
   * @param minutes in all
   */
  static AnacondaLimits usual(int minutes) {
    return new AnacondaLimits(
        Duration.ofMinutes(minutes),
        Duration.ofMinutes(20),
        Duration.ofSeconds(2),
        Duration.ofSeconds(8));
  }
}
