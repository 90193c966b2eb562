package io.weldr.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A finished command of the host: its exit status and its output, both streams together. */
record Command(int status, String output) {

  /** Runs {@code argv} to its end; {@code argv} elements are turned into text. */
  static Command run(Object... argv) {
    List<String> words = Stream.of(argv).map(Object::toString).toList();
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Command(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs a command that must succeed; its output. */
  static String must(Object... argv) {
    Command command = run(argv);
    if (command.status != 0) {
      throw new AssertionError(
          "exit status " + command.status + " of " + List.of(argv) + "\n" + command.output);
    }
    return command.output;
  }
}
