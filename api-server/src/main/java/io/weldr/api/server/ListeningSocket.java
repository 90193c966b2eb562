package io.weldr.api.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The socket the server listens on, made before anything is served: bound here by root, or handed
 * over by systemd as sd_listen_fds(3) describes.
 */
final class ListeningSocket {
  private static final int FIRST_INHERITED = 3;
  private static final int BACKLOG = 4096;

  private ListeningSocket() {}

  /**
   * Whether systemd handed a socket over to this very process.
   *
   * @param environment of the process
   * @throws StartupException when there are several
   */
  static boolean handedOver(Map<String, String> environment) throws StartupException {
    OptionalInt count = number(environment.get("LISTEN_FDS"));
    OptionalInt pid = number(environment.get("LISTEN_PID"));
    if (count.isEmpty() || pid.isEmpty() || pid.getAsInt() != ProcessHandle.current().pid()) {
      return false;
    }
    if (count.getAsInt() > 1) {
      throw new StartupException("weldr-composer only supports inheriting 1 fd from systemd.");
    }
    return count.getAsInt() == 1;
  }

  private static OptionalInt number(String text) {
    return text != null && text.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }

  /** The socket that systemd handed over. */
  static ServerSocketChannel adopt() throws StartupException {
    try {
      if (isSocket(FIRST_INHERITED)) {
        // The class library adopts descriptor 0 only.
        Libc.dup2(FIRST_INHERITED, 0);
        Libc.close(FIRST_INHERITED);
        Channel inherited = System.inheritedChannel();
        if (inherited instanceof ServerSocketChannel listener
            && listener.getLocalAddress() instanceof UnixDomainSocketAddress) {
          return listener;
        }
      }
    } catch (Libc.CallFailed | IOException e) {
      throw new StartupException("Cannot use the socket that systemd handed over.", e);
    }
    throw new StartupException("systemd must hand over a listening unix stream socket.");
  }

  /** The virtual machine may use the number for a file of its own when nothing was handed over. */
  private static boolean isSocket(int descriptor) throws IOException {
    Path link = Path.of("/proc/self/fd", Integer.toString(descriptor));
    return Files.isSymbolicLink(link)
        && Files.readSymbolicLink(link).toString().startsWith("socket:");
  }

  /** Binds a socket root:group 0660. Root only; the directory must be closed to others. */
  static ServerSocketChannel bind(Path path, int gid) throws StartupException {
    removeStale(path);
    int mask = Libc.umask(0177);
    try {
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      // A socket cannot be opened, which is how a mode is set without following links.
      Files.setAttribute(path, "unix:mode", 0660);
      return listener;
    } catch (IOException e) {
      throw new StartupException("Cannot listen on " + path + ": " + e.getMessage(), e);
    } finally {
      Libc.umask(mask);
    }
  }

  private static void removeStale(Path path) throws StartupException {
    try {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isOther()) {
        throw new StartupException(path + " is in the way: it is not a socket.");
      }
      if (answers(path)) {
        throw new StartupException(
            "Another server listens on " + path + "; stop it, or choose another with --socket.");
      }
      Files.delete(path);
    } catch (IOException e) {
      throw new StartupException("Cannot remove the old socket " + path + ".", e);
    }
  }

  private static boolean answers(Path path) {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
