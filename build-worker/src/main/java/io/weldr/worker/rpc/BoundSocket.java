package io.weldr.worker.rpc;

import io.weldr.worker.host.Access;
import io.weldr.worker.host.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Makes the worker's listening socket.
 *
 * <p>Security: the socket is bound inside a directory only root can enter, since binding makes it
 * open to everybody; it gets its owner and mode there and only then its public name, by a rename. A
 * socket on which somebody still listens is never replaced.
 */
final class BoundSocket {
  private static final int BACKLOG = 64;

  private BoundSocket() {}

  /**
   * Binds and listens.
   *
   * @param path at most about 70 bytes; its directory is made root:root 0711 when missing
   * @param apiUid owner of the socket, which has mode 0600
   * @throws IOException when another worker listens there, or the place is not safe
   */
  static AFUNIXServerSocket bind(Path path, int apiUid) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    prepare(directory);
    refuseLive(path);
    Path closed = Files.createTempDirectory(directory, ".bind");
    try {
      Path hidden = closed.resolve("s");
      AFUNIXServerSocket socket = AFUNIXServerSocket.newInstance();
      try {
        socket.setReuseAddress(false);
        socket.setDeleteOnClose(false);
        socket.bind(AFUNIXSocketAddress.of(hidden), BACKLOG);
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
        Files.setAttribute(hidden, "unix:gid", 0, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(hidden, "unix:uid", apiUid, LinkOption.NOFOLLOW_LINKS);
        Files.move(hidden, path, StandardCopyOption.ATOMIC_MOVE);
        return socket;
      } catch (IOException | RuntimeException e) {
        socket.close();
        Files.deleteIfExists(hidden);
        throw e;
      }
    } finally {
      Files.deleteIfExists(closed);
    }
  }

  private static void prepare(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      DurableFiles.createDirectory(directory, new Access("rwx--x--x", 0));
    }
    Map<String, Object> found =
        Files.readAttributes(directory, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
    int mode = (int) found.get("mode");
    if ((mode & 0170000) != 0040000 || !found.get("uid").equals(0) || (mode & 022) != 0) {
      throw new IOException(
          directory
              + " must be a directory of root that nobody else can write; correct it with"
              + " `chown root:root` and `chmod 0711`");
    }
  }

  private static void refuseLive(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & 0170000) != 0140000) {
      throw new IOException(path + " is in the way and is not a socket; move it away");
    }
    if (answers(path)) {
      throw new IOException(path + " is in use: another build-worker is running");
    }
  }

  private static boolean answers(Path path) {
    try (AFUNIXSocket probe = AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(path))) {
      return probe.isConnected();
    } catch (IOException e) {
      // Refused: left over from a worker that is gone.
      return false;
    }
  }
}
