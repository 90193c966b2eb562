package io.weldr.worker.installer.anaconda;

import io.weldr.worker.spec.GitAccess;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.Target;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Settings of a job whose directories lie in one. */
final class TestSettings {
  private TestSettings() {}

  static JobSettings of(Path directory) {
    return new JobSettings(
        directory,
        directory.resolve("results"),
        directory.resolve("work"),
        Path.of("../share").toAbsolutePath().normalize(),
        new Target("fedora", "33"),
        Optional.empty(),
        GitAccess.NONE,
        directory.resolve("cache"),
        OptionalInt.empty(),
        OptionalLong.empty(),
        0,
        0);
  }
}
