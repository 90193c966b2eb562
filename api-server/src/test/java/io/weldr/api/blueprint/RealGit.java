package io.weldr.api.blueprint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The git program of the host, run on a repository of a test. */
final class RealGit {
  private final Path directory;

  RealGit(Path directory) {
    this.directory = directory;
  }

  /** Runs git; what it prints, without the final newline. Fails when git does. */
  String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_CONFIG_COUNT", "1");
    builder.environment().put("GIT_CONFIG_KEY_0", "safe.directory");
    builder.environment().put("GIT_CONFIG_VALUE_0", "*");
    Process process = builder.start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    if (process.waitFor() != 0) {
      throw new AssertionError("git " + String.join(" ", arguments) + " failed: " + output);
    }
    return output;
  }
}
