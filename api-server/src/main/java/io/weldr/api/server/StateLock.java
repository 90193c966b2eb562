package io.weldr.api.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes sure that one server at a time works on a directory of blueprints. The kernel releases the
 * lock when the process ends, however it ends.
 */
final class StateLock implements AutoCloseable {
  private final FileChannel file;

  private StateLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the lock. To be called as the owner of the directory.
   *
   * @throws StartupException when another server has it
   */
  static StateLock take(Path directory) throws StartupException {
    Path path = directory.resolve(".api-server.lock");
    try {
      FileChannel file =
          FileChannel.open(
              path,
              Set.of(
                  StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (!locked(file)) {
        file.close();
        throw new StartupException(
            "Another weldr-composer works on %s (it holds %s). Quitting."
                .formatted(directory, path));
      }
      return new StateLock(file);
    } catch (IOException e) {
      throw new StartupException(
          "Cannot write to %s (%s); it must belong to the user of the server."
              .formatted(directory, Files.exists(path) ? path + ": " + e : e),
          e);
    }
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
