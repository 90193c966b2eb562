package io.weldr.worker.image;

import io.weldr.worker.host.Sandbox;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Times of a tree's files that would tell when it was made.
 *
 * <p>Security: in a sandbox that sees nothing but the tree; links are changed, not followed.
 */
public final class TreeTimes {
  private TreeTimes() {}

  /**
   * Gives every file that was changed later the given time.
   *
   * @param seconds since 1970
   */
  public static void clamp(Path tree, long seconds) throws IOException, InterruptedException {
    Sandbox.ofHostPrograms()
        .withCapabilities("CAP_DAC_OVERRIDE", "CAP_FOWNER")
        .writable(tree, "/tree")
        .command(
            "/usr/bin/find",
            "/tree",
            "-xdev",
            "-newermt",
            "@" + seconds,
            "-exec",
            "/usr/bin/touch",
            "--no-dereference",
            "--date=@" + seconds,
            "--",
            "{}",
            "+")
        .check();
  }
}
