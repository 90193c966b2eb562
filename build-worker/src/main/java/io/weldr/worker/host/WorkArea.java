package io.weldr.worker.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The scratch area of a compose, and directories in it.
 *
 * <p>Security: holds a tree that package scripts wrote. It is removed by rm, which works relative
 * to open directories, follows no link and does not leave the file system.
 */
public final class WorkArea {
  private WorkArea() {}

  /** Removes a directory with all its content, if it is there. */
  public static void remove(Path directory) throws IOException, InterruptedException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Subprocess.of("/usr/bin/rm", "-rf", "--one-file-system", "--", directory.toString()).check();
    }
  }
}
