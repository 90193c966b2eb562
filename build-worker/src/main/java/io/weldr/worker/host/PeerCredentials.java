package io.weldr.worker.host;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketCredentials;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * Who is at the other end of a unix socket, as the kernel recorded it when the peer connected.
 *
 * <p>Security: nothing here comes from what the peer sent. The pid is for the record only, since it
 * can be used again; its start time tells two uses of a pid apart.
 *
 * @param startTicks start of the process in clock ticks since boot; 0 when it is gone already
 * @param context SELinux context, where there is one
 */
public record PeerCredentials(
    long pid, long uid, long gid, long startTicks, Optional<String> context) {

  /**
   * Asks the kernel for the peer of an accepted connection.
   *
   * @throws IOException when the kernel does not tell who the peer is
   */
  public static PeerCredentials of(AFUNIXSocket socket) throws IOException {
    AFUNIXSocketCredentials credentials = socket.getPeerCredentials();
    if (credentials == null || credentials.isEmpty()) {
      throw new IOException("the kernel does not tell who the peer is");
    }
    return new PeerCredentials(
        credentials.getPid(),
        credentials.getUid(),
        credentials.getGid(),
        startTicks(credentials.getPid()),
        context(socket.getFileDescriptor()));
  }

  private static Optional<String> context(FileDescriptor descriptor) throws IOException {
    int fd = FileDescriptorCast.using(descriptor).as(Integer.class);
    return NativeCalls.peerSecurityContext(fd);
  }

  /** Field 22 of /proc/PID/stat; the command before it may contain blanks and parentheses. */
  static long startTicks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[19]);
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }
}
