package io.weldr.api.http;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * One connection of a client: who it is, and until when it must have sent or read something. The
 * thread that serves the connection finds it by {@link #current}.
 */
final class ClientConnection {
  private static final Logger LOG = System.getLogger(ClientConnection.class.getName());
  private static final InheritableThreadLocal<ClientConnection> CURRENT =
      new InheritableThreadLocal<>();

  private final SocketChannel channel;
  private final Peer peer;
  private final Limits limits;
  private volatile Optional<Wait> wait;
  private volatile boolean ending;
  // Read and written by the thread of the connection only.
  private String outcome = "";

  /**
   * Waiting for the client.
   *
   * @param forRequest for the head or body of a request; else for the reading of a reply
   * @param since {@link System#nanoTime}
   */
  private record Wait(boolean forRequest, long since, Duration limit) {
    boolean over(long now) {
      return now - since > limit.toNanos();
    }
  }

  ClientConnection(SocketChannel channel, Peer peer, Limits limits) {
    this.channel = channel;
    this.peer = peer;
    this.limits = limits;
    waitsForRequest();
  }

  /** The connection that the calling thread serves. */
  static ClientConnection current() {
    return CURRENT.get();
  }

  /** Threads that this thread starts from now on serve this connection. */
  void handToNewThreads() {
    CURRENT.set(this);
  }

  Peer peer() {
    return peer;
  }

  /** The client owes the head of a request. */
  void waitsForRequest() {
    waitAtMost(true, limits.idle());
  }

  /** The client owes the body of its request. */
  void waitsForBody() {
    waitAtMost(true, limits.body());
  }

  /** The client owes the reading of what is written to it now. */
  void waitsForReader() {
    waitAtMost(false, limits.stall());
  }

  private void waitAtMost(boolean forRequest, Duration limit) {
    wait = Optional.of(new Wait(forRequest, System.nanoTime(), limit));
  }

  /** The server works; the client owes nothing. */
  void works() {
    wait = Optional.empty();
  }

  /** Whether the client let its time pass. */
  boolean overdue(long now) {
    return wait.filter(it -> it.over(now)).isPresent();
  }

  boolean waits() {
    return wait.isPresent();
  }

  /** For how many nanoseconds the client has been waited for; 0 when it is not. */
  long waited(long now) {
    return wait.map(it -> now - it.since()).orElse(0L);
  }

  /** What the request came to, for the audit line. */
  void outcome(String text) {
    outcome = text;
  }

  /** The outcome of the request that ends; the next one begins without. */
  String takeOutcome() {
    String taken = outcome;
    outcome = "";
    return taken;
  }

  /** Writes to the client. */
  ChannelWriter writer() {
    return new ChannelWriter(channel);
  }

  /** The request at work is the last one; without one, the connection is closed. */
  void end() {
    ending = true;
    if (wait.filter(Wait::forRequest).isPresent()) {
      close();
    }
  }

  /** Whether no further request is taken. */
  boolean ending() {
    return ending;
  }

  boolean open() {
    return channel.isOpen();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a connection that did not close", e);
    }
  }
}
