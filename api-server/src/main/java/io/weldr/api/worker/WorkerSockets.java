package io.weldr.api.worker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.SocketFactory;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Makes exactly one connection to the worker, and only to the worker: the process at the other end
 * must run as the user the worker runs as. gRPC would reconnect behind our back; a connection has
 * to begin with Hello, so the second attempt is refused and the client makes a new channel.
 */
final class WorkerSockets extends SocketFactory {
  private final Path socket;
  private final long workerUid;
  private final AtomicBoolean used = new AtomicBoolean();

  WorkerSockets(Path socket, long workerUid) {
    this.socket = socket;
    this.workerUid = workerUid;
  }

  private Socket connect() throws IOException {
    if (used.getAndSet(true)) {
      throw new IOException("the connection to the worker was lost");
    }
    AFUNIXSocket connected = AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(socket));
    boolean trusted = false;
    try {
      long uid = connected.getPeerCredentials().getUid();
      if (uid != workerUid) {
        throw new IOException(
            "the process behind " + socket + " runs as uid " + uid + ", not as " + workerUid);
      }
      trusted = true;
      return connected;
    } finally {
      if (!trusted) {
        connected.close();
      }
    }
  }

  @Override
  public Socket createSocket(InetAddress ignoredHost, int ignoredPort) throws IOException {
    return connect();
  }

  @Override
  public Socket createSocket(String ignoredHost, int ignoredPort) throws IOException {
    return connect();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connect();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connect();
  }
}
