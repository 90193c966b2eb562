package io.weldr.worker.job;

import io.weldr.worker.host.Namespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts job processes.
 *
 * <p>Security: the command is constant but for the job's directory, whose name is the compose's
 * UUID; see {@link Namespaces} for the rest.
 */
public final class JobLauncher {
  private final List<String> command;

  /**
   * A launcher of one command.
   *
   * @param command of the job process; the job's directory is added as its last argument
   */
  public JobLauncher(List<String> command) {
    this.command = List.copyOf(command);
  }

  /**
   * Starts the process; it writes what it prints to {@code output}.
   *
   * @param cgroups directories of its cgroups, which exist already
   */
  Process launch(Path jobDirectory, List<Path> cgroups, Path output) throws IOException {
    List<String> argv = new ArrayList<>(command);
    argv.add(jobDirectory.toString());
    return Namespaces.start(argv, cgroups, output);
  }
}
