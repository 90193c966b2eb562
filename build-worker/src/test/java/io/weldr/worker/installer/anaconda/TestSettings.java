package io.weldr.worker.installer.anaconda;

import io.weldr.worker.spec.JobSettings;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Settings of a job whose directories lie in one. */
final class TestSettings {
  private TestSettings() {}

  static JobSettings of(Path directory) {
    return new JobSettings(
        directory,
        directory.resolve("results"),
        directory.resolve("work"),
        Path.of("../share").toAbsolutePath().normalize(),
        directory.resolve("cache"),
        OptionalInt.empty(),
        0,
        0);
  }
}
