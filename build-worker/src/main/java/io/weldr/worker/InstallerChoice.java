package io.weldr.worker;

import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.spec.AnacondaProgram;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The setting {@code installer}: what carries out kickstarts. */
enum InstallerChoice {
  /** Anaconda where it is installed and images are like this host, else the direct installer. */
  AUTO,
  DIRECT,
  ANACONDA;

  /** Where distributions put it. */
  private static final List<String> USUAL = List.of("/usr/sbin/anaconda", "/usr/bin/anaconda");

  /** As in the configuration. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static String usualProgram() {
    return USUAL.stream()
        .filter(program -> Files.isExecutable(Path.of(program)))
        .findFirst()
        .orElse(USUAL.getFirst());
  }

  /**
   * The Anaconda that installs; empty where the direct installer does.
   *
   * @param release the distribution images are made for
   * @param target the data of that distribution
   * @throws ConfigurationException when the administrator wants Anaconda and that cannot be
   */
  static Optional<AnacondaProgram> anaconda(
      WorkerConfiguration configuration, HostRelease release, Target target)
      throws ConfigurationException, IOException {
    Path file = target.file(configuration.shareDir());
    boolean rpm = Distribution.load(file).family() == PackageFamily.RPM;
    boolean installed = Files.isExecutable(configuration.anaconda());
    boolean anaconda =
        switch (configuration.installer()) {
          case DIRECT -> false;
          case AUTO -> installed && rpm && configuration.distro().isEmpty();
          case ANACONDA -> {
            if (!installed) {
              throw new ConfigurationException(
                  configuration.anaconda() + " is not there; install Anaconda or correct anaconda");
            }
            if (!rpm) {
              throw new ConfigurationException(
                  "Anaconda installs no Debian packages; use installer = \"direct\"");
            }
            yield true;
          }
        };
    return anaconda
        ? Optional.of(
            new AnacondaProgram(
                configuration.anaconda(),
                release.value("NAME"),
                release.value("VERSION_ID"),
                configuration.anacondaTimeoutMinutes()))
        : Optional.empty();
  }

  /** For the log. */
  static String words(Optional<AnacondaProgram> anaconda) {
    return anaconda.map(found -> found.program().toString()).orElse("the direct installer");
  }
}
