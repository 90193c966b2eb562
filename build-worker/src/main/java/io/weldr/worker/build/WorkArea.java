package io.weldr.worker.build;

import io.weldr.worker.host.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The scratch area of a compose.
 *
 * <p>Security: holds a tree that package scripts wrote. It is removed by rm, which works relative
 * to open directories, follows no link and does not leave the file system.
 */
final class WorkArea {
  private WorkArea() {}

  /** Removes it with all its content, if it is there. */
  static void remove(Path directory) throws IOException, InterruptedException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Subprocess.of("/usr/bin/rm", "-rf", "--one-file-system", "--", directory.toString()).check();
    }
  }
}
