package io.weldr.api.server;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Gives Helidon the listening socket that was made before it starts: Helidon opens its own with
 * {@link ServerSocketChannel#open(ProtocolFamily)}, which asks the process's provider. Everything
 * else comes from the provider of the class library. Chosen by the system property {@code
 * java.nio.channels.spi.SelectorProvider}, first thing in {@link Main}; it needs {@code
 * --add-exports java.base/sun.nio.ch=ALL-UNNAMED}.
 */
public final class ListenerProvider extends SelectorProvider {
  private static final AtomicReference<ServerSocketChannel> PREPARED = new AtomicReference<>();

  private final SelectorProvider standard = standard();

  /** Called by the class library. */
  public ListenerProvider() {}

  /** What would be used without this class. The compiler hides it, the running system does not. */
  private static SelectorProvider standard() {
    try {
      return (SelectorProvider)
          Class.forName("sun.nio.ch.DefaultSelectorProvider").getMethod("get").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("--add-exports java.base/sun.nio.ch=ALL-UNNAMED is missing", e);
    }
  }

  /** Makes this the provider of the process. Before the first channel is opened. */
  static void install() {
    System.setProperty("java.nio.channels.spi.SelectorProvider", ListenerProvider.class.getName());
  }

  /** The next unix server socket that is opened is this one. */
  static void prepare(ServerSocketChannel listener) {
    if (!(SelectorProvider.provider() instanceof ListenerProvider)) {
      throw new IllegalStateException("another selector provider is in use");
    }
    PREPARED.set(listener);
  }

  @Override
  public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
    if (family == StandardProtocolFamily.UNIX) {
      ServerSocketChannel prepared = PREPARED.getAndSet(null);
      if (prepared != null) {
        return new PreparedListener(this, prepared);
      }
    }
    return standard.openServerSocketChannel(family);
  }

  @Override
  public ServerSocketChannel openServerSocketChannel() throws IOException {
    return standard.openServerSocketChannel();
  }

  @Override
  public DatagramChannel openDatagramChannel() throws IOException {
    return standard.openDatagramChannel();
  }

  @Override
  public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
    return standard.openDatagramChannel(family);
  }

  @Override
  public Pipe openPipe() throws IOException {
    return standard.openPipe();
  }

  @Override
  public AbstractSelector openSelector() throws IOException {
    return standard.openSelector();
  }

  @Override
  public SocketChannel openSocketChannel() throws IOException {
    return standard.openSocketChannel();
  }

  @Override
  public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
    return standard.openSocketChannel(family);
  }

  @Override
  public Channel inheritedChannel() throws IOException {
    return standard.inheritedChannel();
  }
}
