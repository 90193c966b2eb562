package io.weldr.worker.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * An accepted unix socket in the shape that gRPC's transport wants: with a remote address, which an
 * unnamed unix peer does not have, and with a note when it is closed.
 */
final class PeerSocket extends Socket {
  private final AFUNIXSocket socket;
  private final Connection connection;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  PeerSocket(AFUNIXSocket socket, Connection connection, Runnable onClose) {
    this.socket = socket;
    this.connection = connection;
    this.onClose = onClose;
  }

  Connection connection() {
    return connection;
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return connection;
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
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      onClose.run();
      socket.close();
    }
  }
}
