package io.weldr.worker.job;

import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.Subprocess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts job processes: in the job's cgroup, in namespaces of their own, in a session of their own
 * so that they outlive the worker.
 *
 * <p>Security: the command is constant but for two paths that come from the compose's UUID. The
 * shell only enters the cgroup before it becomes the next program; a process that cannot enter it
 * does not run. The environment is rebuilt, stdin is empty.
 */
public final class JobLauncher {
  private static final String ENTER_CGROUP =
      "echo 0 > \"$1/cgroup.procs\" || exit 125; shift; exec \"$@\"";

  private static final List<String> NAMESPACES =
      List.of(
          "/usr/bin/setsid",
          "--",
          "/usr/bin/unshare",
          "--mount",
          "--propagation",
          "private",
          "--pid",
          "--fork",
          "--kill-child",
          "--ipc",
          "--mount-proc",
          "--");

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
   * @param cgroup exists already
   */
  Process launch(Path jobDirectory, Cgroup cgroup, Path output) throws IOException {
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", ENTER_CGROUP, "sh"));
    argv.add(cgroup.path().toString());
    argv.addAll(NAMESPACES);
    argv.addAll(command);
    argv.add(jobDirectory.toString());
    ProcessBuilder builder = new ProcessBuilder(argv).directory(new File("/"));
    builder.environment().clear();
    builder
        .environment()
        .putAll(Map.of("PATH", Subprocess.PATH, "LANG", "C.UTF-8", "HOME", "/nonexistent"));
    builder.redirectInput(new File("/dev/null"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    return builder.start();
  }
}
