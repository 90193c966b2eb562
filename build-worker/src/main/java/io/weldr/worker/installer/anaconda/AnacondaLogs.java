package io.weldr.worker.installer.anaconda;

import io.weldr.worker.host.Access;
import io.weldr.worker.host.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps Anaconda's logs with the results.
 *
 * <p>Security: the directory they come from is Anaconda's private /tmp. Links are not followed,
 * names are Anaconda's own, sizes are bounded, and {@code sensitive-info.log}, which has what its
 * name says, stays behind.
 */
final class AnacondaLogs {
  /** Of one file. */
  private static final long MOST_BYTES = 64L << 20;

  private static final int MOST_FILES = 200;
  private static final Pattern NAME =
      Pattern.compile(
          "(?!sensitive-info)[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\.log|anaconda-tb-\\S{1,99}|syslog");

  private AnacondaLogs() {}

  /**
   * Copies them.
   *
   * @param from directory that Anaconda knew as /tmp
   * @param results directory of the compose
   * @param gid group that may read them
   */
  static void keep(Path from, Path results, int gid) throws IOException {
    Path logs = results.resolve("logs");
    if (!Files.isDirectory(logs, LinkOption.NOFOLLOW_LINKS)) {
      DurableFiles.createDirectory(logs, Access.groupDirectory(gid));
    }
    Path directory = logs.resolve("anaconda");
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      DurableFiles.createDirectory(directory, Access.groupDirectory(gid));
    }
    for (Path log : logs(from)) {
      copy(log, directory.resolve(log.getFileName().toString()), gid);
    }
  }

  private static List<Path> logs(Path from) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      return files
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .limit(MOST_FILES)
          .toList();
    }
  }

  /** A second attempt of the job replaces the logs of the first. */
  private static void copy(Path from, Path to, int gid) throws IOException {
    Files.deleteIfExists(to);
    var closed = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.createFile(to, closed);
    try (InputStream in = Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS);
        OutputStream out = Files.newOutputStream(to, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[1 << 16];
      long left = MOST_BYTES;
      for (int n = in.read(buffer); n > 0 && left > 0; n = in.read(buffer)) {
        out.write(buffer, 0, (int) Math.min(n, left));
        left -= n;
      }
    }
    DurableFiles.apply(to, Access.groupFile(gid));
  }
}
