package io.weldr.api.http;

import io.helidon.common.socket.SocketOptions;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Socket options whose configuration of a new connection is the place to see it: Helidon calls it
 * on the accepting thread, just before it makes the connection's thread.
 */
final class AcceptHook implements SocketOptions {
  private final SocketOptions options = SocketOptions.create();
  private final Consumer<SocketChannel> accepted;

  AcceptHook(Consumer<SocketChannel> accepted) {
    this.accepted = accepted;
  }

  @Override
  public void configureSocket(SocketChannel channel) {
    accepted.accept(channel);
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return options.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return options.connectTimeout();
  }

  @Override
  public Duration readTimeout() {
    return options.readTimeout();
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return options.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return options.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return options.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return options.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return options.tcpNoDelay();
  }
}
