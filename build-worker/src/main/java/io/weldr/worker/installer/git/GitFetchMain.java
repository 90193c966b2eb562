package io.weldr.worker.installer.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The program that fetches a commit: its arguments are a directory, in which it makes {@code tree},
 * and the parts of a {@link FetchOrder}. Exit status 1 and a sentence on stderr when it cannot.
 *
 * <p>Security: run by {@link GitFetch} as nobody in a sandbox that has the network and one empty
 * directory. It parses what strangers send; whatever that does to it, it has nothing to give.
 */
public final class GitFetchMain {
  private static final Path SSH = Path.of("/ssh");

  private GitFetchMain() {}

  public static void main(String[] arguments) {
    try {
      IsolatedGit.install();
      // There only when the order is for ssh.
      if (Files.isDirectory(SSH)) {
        GitSsh.install(SSH);
      }
      FetchOrder order =
          new FetchOrder(
              arguments[1],
              arguments[2],
              Long.parseLong(arguments[3]),
              Integer.parseInt(arguments[4]));
      Path out = Path.of(arguments[0]);
      new CommitFetch(order).run(out.resolve("git"), out.resolve("tree"));
    } catch (IOException | RuntimeException e) {
      System.err.println(e.getMessage() == null ? e.toString() : e.getMessage());
      System.exit(1);
    }
  }
}
