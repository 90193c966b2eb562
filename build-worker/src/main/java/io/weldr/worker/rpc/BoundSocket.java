package io.weldr.worker.rpc;

import io.weldr.worker.host.Access;
import io.weldr.worker.host.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Makes the worker's listening socket.
 *
 * <p>Security: binding makes the socket open to everybody, so its directory is closed to all but
 * root until the socket has its owner and mode. A socket on which somebody still listens is never
 * replaced. The library that accepts watches the socket's place, which rules out a rename.
 */
final class BoundSocket {
  private static final int BACKLOG = 64;
  private static final Access CLOSED = Access.ROOT_DIRECTORY;
  private static final Access PASSABLE = new Access("rwx--x--x", 0);

  private BoundSocket() {}

  /**
   * Binds and listens.
   *
   * @param path at most 107 bytes; its directory, which must hold nothing else that others need, is
   *     made when missing and becomes root:root 0711
   * @param apiUid owner of the socket, which has mode 0600
   * @throws IOException when another worker listens there, or the place is not safe
   */
  static AFUNIXServerSocket bind(Path path, int apiUid) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    prepare(directory);
    removeStale(path);
    DurableFiles.apply(directory, CLOSED);
    AFUNIXServerSocket socket = AFUNIXServerSocket.newInstance();
    try {
      socket.setReuseAddress(false);
      socket.setDeleteOnClose(false);
      socket.bind(AFUNIXSocketAddress.of(path), BACKLOG);
      DurableFiles.apply(path, Access.ROOT_FILE);
      Files.setAttribute(path, "unix:uid", apiUid, LinkOption.NOFOLLOW_LINKS);
      DurableFiles.apply(directory, PASSABLE);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static void prepare(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      DurableFiles.createDirectory(directory, CLOSED);
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

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & 0170000) != 0140000) {
      throw new IOException(path + " is in the way and is not a socket; move it away");
    }
    if (answers(path)) {
      throw new IOException(path + " is in use by another build-worker");
    }
    Files.delete(path);
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
