package io.weldr.worker.rpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.SocketFactory;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Connects to a unix socket with another effective uid. The kernel takes the credentials when the
 * connection is made, so the process is root again afterwards.
 */
public final class AsUserSocketFactory extends SocketFactory {
  private static final POSIX POSIX_CALLS = POSIXFactory.getNativePOSIX();

  private final int uid;
  private final AFUNIXSocketAddress address;

  public AsUserSocketFactory(int uid, Path socket) throws IOException {
    this.uid = uid;
    this.address = AFUNIXSocketAddress.of(socket);
  }

  @Override
  public Socket createSocket() throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected();
  }

  /** Only the connecting itself runs as the user, who may not read the classes it needs. */
  private Socket connected() throws IOException {
    AFUNIXSocket socket = AFUNIXSocket.newInstance();
    synchronized (POSIX_CALLS) {
      if (POSIX_CALLS.seteuid(uid) != 0) {
        throw new IOException("seteuid failed");
      }
      try {
        socket.connect(address);
        return socket;
      } catch (IOException e) {
        socket.close();
        throw e;
      } finally {
        POSIX_CALLS.seteuid(0);
      }
    }
  }
}
