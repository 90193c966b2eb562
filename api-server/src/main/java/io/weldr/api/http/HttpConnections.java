package io.weldr.api.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;

/** Helidon's HTTP/1.1, with the replies written by {@link ChannelWriter}. */
final class HttpConnections implements ServerConnectionSelector {
  private final ServerConnectionSelector http;

  HttpConnections(Http1Config config) {
    http = Http1ConnectionSelector.builder().config(config).build();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  /** On the thread of the connection. */
  @Override
  public ServerConnection connection(ConnectionContext context) {
    return http.connection(new WritingContext(context, ClientConnection.current().writer()));
  }
}
