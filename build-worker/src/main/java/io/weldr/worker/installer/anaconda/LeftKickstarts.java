package io.weldr.worker.installer.anaconda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * The copies of the kickstart that Anaconda leaves in a system: they name sources and directories
 * of this host, and hold password hashes.
 *
 * <p>Security: only entries of the directory are removed; neither it nor they are followed when
 * they are links.
 */
final class LeftKickstarts {
  private static final List<String> NAMES = List.of("anaconda-ks.cfg", "original-ks.cfg");

  private LeftKickstarts() {}

  /** Removes them from {@code /root} of a tree in which nothing runs. */
  static void remove(Path tree) throws IOException {
    Path home = tree.resolve("root");
    if (Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)) {
      for (String name : NAMES) {
        if (!Files.isDirectory(home.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
          Files.deleteIfExists(home.resolve(name));
        }
      }
    }
  }
}
