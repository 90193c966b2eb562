package io.weldr.worker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code build-worker [--config FILE] [-V]}.
 *
 * @param config the file named; empty = the default one, if it is there
 * @param version whether only the version is asked for
 */
record CommandLine(Optional<Path> config, boolean version) {
  static final String USAGE = "usage: build-worker [--config FILE] [-V]";

  static CommandLine parse(String... arguments) throws ConfigurationException {
    Optional<Path> config = Optional.empty();
    boolean version = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "-V", "--version" -> version = true;
        case "--config" -> {
          i++;
          if (i == arguments.length) {
            throw new ConfigurationException("--config needs a file; " + USAGE);
          }
          config = Optional.of(Path.of(arguments[i]).toAbsolutePath());
        }
        default ->
            throw new ConfigurationException("unknown argument \"" + arguments[i] + "\"; " + USAGE);
      }
    }
    return new CommandLine(config, version);
  }

  WorkerConfiguration configuration() throws ConfigurationException {
    if (config.isPresent()) {
      return WorkerConfiguration.read(config.get());
    }
    return Files.exists(WorkerConfiguration.DEFAULT_FILE)
        ? WorkerConfiguration.read(WorkerConfiguration.DEFAULT_FILE)
        : WorkerConfiguration.defaults();
  }
}
