package io.weldr.api.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All open connections. A client that is silent, sends its request too slowly or does not read its
 * reply is disconnected, and when there are too many connections the one that has been silent the
 * longest makes room: nobody can keep others out by holding connections.
 */
final class ClientConnections implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ClientConnections.class.getName());
  private static final Duration PERIOD = Duration.ofMillis(500);

  private final Limits limits;
  private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
  private final Thread sweeper;

  ClientConnections(Limits limits) {
    this.limits = limits;
    this.sweeper = Thread.ofVirtual().name("connection-sweeper").start(this::sweepUntilClosed);
  }

  /**
   * Takes a new connection in. On the thread that accepts, before it starts the connection's own.
   *
   * @throws IllegalStateException when no other connection can make room
   */
  void accepted(SocketChannel channel) {
    makeRoom();
    ClientConnection connection = new ClientConnection(channel, Peer.of(channel), limits);
    open.add(connection);
    connection.handToNewThreads();
  }

  private void makeRoom() {
    if (open.size() < limits.connections()) {
      return;
    }
    open.removeIf(connection -> !connection.open());
    long now = System.nanoTime();
    while (open.size() >= limits.connections()) {
      Optional<ClientConnection> silent =
          open.stream()
              .filter(ClientConnection::waits)
              .max(Comparator.comparingLong(connection -> connection.waited(now)));
      if (silent.isEmpty()) {
        throw new IllegalStateException("all connections are at work");
      }
      disconnect(silent.get());
    }
  }

  private void sweepUntilClosed() {
    try {
      while (true) {
        Thread.sleep(PERIOD);
        sweep(System.nanoTime());
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the server stops");
    }
  }

  private void sweep(long now) {
    open.stream().filter(connection -> connection.overdue(now)).forEach(ClientConnection::close);
    open.removeIf(connection -> !connection.open());
  }

  private void disconnect(ClientConnection connection) {
    connection.close();
    open.remove(connection);
  }

  /** Disconnects who owes a request; those at work, and replies on their way, come to their end. */
  @Override
  public void close() {
    sweeper.interrupt();
    open.forEach(ClientConnection::end);
  }
}
