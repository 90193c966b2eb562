package io.weldr.api.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/**
 * A listening socket that is bound already, in the place where Helidon would bind one: binding it
 * again does nothing. It also outlives failures of accept, after which Helidon would stop listening
 * for good, such as a moment without free descriptors.
 */
final class PreparedListener extends ServerSocketChannel {
  private static final Logger LOG = System.getLogger(PreparedListener.class.getName());
  private static final long PAUSE_MILLIS = 100;

  private final ServerSocketChannel socket;

  PreparedListener(SelectorProvider provider, ServerSocketChannel socket) {
    super(provider);
    this.socket = socket;
  }

  @Override
  public ServerSocketChannel bind(SocketAddress local, int backlog) {
    return this;
  }

  @Override
  public SocketChannel accept() throws IOException {
    while (true) {
      try {
        return socket.accept();
      } catch (AsynchronousCloseException e) {
        throw e;
      } catch (ClosedChannelException e) {
        // What Helidon takes for the end of listening and not for a failure.
        throw (AsynchronousCloseException) new AsynchronousCloseException().initCause(e);
      } catch (IOException e) {
        LOG.log(Level.WARNING, "A connection could not be accepted: {0}", e.getMessage());
        pause();
      }
    }
  }

  private static void pause() throws AsynchronousCloseException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AsynchronousCloseException();
    }
  }

  @Override
  public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
    socket.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return socket.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return socket.supportedOptions();
  }

  @Override
  public ServerSocket socket() {
    return socket.socket();
  }

  @Override
  public SocketAddress getLocalAddress() throws IOException {
    return socket.getLocalAddress();
  }

  @Override
  protected void implCloseSelectableChannel() throws IOException {
    socket.close();
  }

  @Override
  protected void implConfigureBlocking(boolean block) throws IOException {
    socket.configureBlocking(block);
  }
}
