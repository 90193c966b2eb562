package io.weldr.api.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** A unix socket in the shape gRPC's server wants: each connection has a remote address. */
final class FakeServerSocket extends ServerSocket {
  private final AFUNIXServerSocket socket;

  FakeServerSocket(Path path) throws IOException {
    socket = AFUNIXServerSocket.newInstance();
    socket.bind(AFUNIXSocketAddress.of(path));
  }

  @Override
  public void bind(SocketAddress ignored, int backlog) {
    // Bound already.
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public Socket accept() throws IOException {
    return new Connected(socket.accept());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Stands for one connection. */
  static final class Peer extends SocketAddress {
    private static final long serialVersionUID = 1;
    volatile boolean greeted;
  }

  private static final class Connected extends Socket {
    private final AFUNIXSocket socket;
    private final Peer peer = new Peer();

    Connected(AFUNIXSocket socket) {
      this.socket = socket;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return peer;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
      return socket.getLocalSocketAddress();
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return socket.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return socket.getOutputStream();
    }

    @Override
    public void setTcpNoDelay(boolean on) {
      // A unix socket has no such delay.
    }

    @Override
    public void setSoTimeout(int timeout) throws java.net.SocketException {
      socket.setSoTimeout(timeout);
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public boolean isClosed() {
      return socket.isClosed();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
