package io.weldr.worker.build;

import io.weldr.worker.host.Failpoint;
import io.weldr.worker.host.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the host's programs and configuration read-only for this process and its children.
 *
 * <p>Security: a second wall behind the sandboxes. It relies on the job's own mount namespace,
 * which the worker made, and on nothing being propagated out of it. What is mounted below these
 * directories, such as {@code /usr/local} or a container's {@code /etc/resolv.conf}, stays in sight
 * and keeps its own mode; the sandboxes see none of it writable.
 */
final class ReadOnlyHost {
  private static final String MOUNT = "/usr/bin/mount";
  private static final List<Path> DIRECTORIES =
      List.of(Path.of("/usr"), Path.of("/etc"), Path.of("/boot"));

  private ReadOnlyHost() {}

  /**
   * @param needed directories the job writes to; what holds one of them is left writable
   */
  static void apply(List<Path> needed) throws IOException, InterruptedException {
    for (Path directory : DIRECTORIES) {
      boolean there = Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
      if (there && needed.stream().noneMatch(path -> path.startsWith(directory))) {
        String name = directory.toString();
        Failpoint.BEFORE_MOUNT.hit();
        Subprocess.of(MOUNT, "--rbind", "--", name, name).check();
        Subprocess.of(MOUNT, "-o", "remount,bind,ro", "--", name).check();
        Failpoint.MOUNTED.hit();
      }
    }
  }
}
