package io.weldr.api.http;

import io.helidon.http.DirectHandler;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import io.weldr.api.compose.ComposeEvents;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;

/** The HTTP server on its unix socket. */
public final class ApiServer implements AutoCloseable {
  private static final int MAX_REQUEST_LINE = 1 << 16;
  private static final int MAX_HEADERS = 1 << 14;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final WebServer server;
  private final ClientConnections connections;
  private final ComposeEvents events;

  private ApiServer(WebServer server, ClientConnections connections, ComposeEvents events) {
    this.server = server;
    this.connections = connections;
    this.events = events;
  }

  /**
   * Starts to serve.
   *
   * @param address the socket to bind; it is deleted when the server is closed
   */
  @SuppressWarnings("removal") // of the one setting that lets clients send any Host header
  public static ApiServer start(
      UnixDomainSocketAddress address, Resources resources, Limits limits) {
    ClientConnections connections = new ClientConnections(limits);
    WebServer server =
        WebServer.builder()
            .bindAddress(address)
            .connectionOptions(new AcceptHook(connections::accepted))
            .maxPayloadSize(limits.bodyBytes())
            .addConnectionSelector(
                new HttpConnections(
                    Http1Config.builder()
                        .maxPrologueLength(MAX_REQUEST_LINE)
                        .maxHeadersSize(MAX_HEADERS)
                        .validateRequestHostHeader(false)
                        .build()))
            .protocolsDiscoverServices(false)
            .directHandlers(errorsInJson(limits))
            .idleConnectionTimeout(Duration.ofDays(1))
            .shutdownGracePeriod(GRACE)
            .shutdownHook(false)
            .routing(ApiRouting.routing(resources))
            .build()
            .start();
    return new ApiServer(server, connections, resources.composes().events());
  }

  private static DirectHandlers errorsInJson(Limits limits) {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
      handlers.addHandler(event, new JsonErrors(limits));
    }
    return handlers.build();
  }

  /** Stops listening, lets requests at work end for a few seconds, then ends them. */
  @Override
  public void close() {
    events.close();
    connections.close();
    server.stop();
  }
}
