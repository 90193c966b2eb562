package io.weldr.api.blueprint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The git program of the host, run on a repository of a test. */
public final class RealGit {
  /** A file, because git does not hand other configuration on to the git it clones from. */
  private static final Path CONFIGURATION = configuration();

  private final Path directory;

  public RealGit(Path directory) {
    this.directory = directory;
  }

  private static Path configuration() {
    try {
      Path file = Files.createTempFile("gitconfig", "");
      file.toFile().deleteOnExit();
      return Files.writeString(file, "[safe]\n\tdirectory = *\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs git; what it prints, without the final newline. Fails when git does. */
  public String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().put("GIT_CONFIG_GLOBAL", CONFIGURATION.toString());
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
