package io.weldr.worker.host;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process in a cgroup, in mount, pid and ipc namespaces and in a session of its own, so that it
 * outlives the program that starts it and everything it makes ends with it.
 *
 * <p>Security: the shell runs a constant script that only sets the umask and enters the cgroups
 * before it becomes the next program; a process that cannot enter one of them does not run. The
 * environment is rebuilt, stdin is empty, the working directory is /.
 */
public final class Namespaces {
  /**
   * The worker's own umask keeps its files from everyone; with it, whatever a package's script
   * makes in an image would be root's alone.
   */
  private static final String ENTER_CGROUP =
      "umask 022; while [ \"$1\" != -- ]; do echo 0 > \"$1/cgroup.procs\" || exit 125; shift; done; shift;"
          + " exec \"$@\"";

  private static final List<String> UNSHARE =
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

  private Namespaces() {}

  /**
   * Starts a command.
   *
   * @param cgroups directories of the cgroups to be in, of different hierarchies; they exist
   *     already
   * @param output what the command prints is appended to this file
   */
  public static Process start(List<String> command, List<Path> cgroups, Path output)
      throws IOException {
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", ENTER_CGROUP, "sh"));
    cgroups.forEach(cgroup -> argv.add(cgroup.toString()));
    argv.add("--");
    argv.addAll(UNSHARE);
    argv.addAll(command);
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
