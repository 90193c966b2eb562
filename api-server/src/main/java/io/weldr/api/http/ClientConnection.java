package io.weldr.api.http;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.time.Duration;

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
  private volatile Wait wait;
  // Read and written by the thread of the connection only.
  private String outcome = "";

  /**
   * Waiting for the client.
   *
   * @param since {@link System#nanoTime}
   */
  private record Wait(long since, Duration limit) {
    static final Wait NONE = new Wait(0, Duration.ZERO);

    boolean over(long now) {
      return this != NONE && now - since > limit.toNanos();
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
    wait = new Wait(System.nanoTime(), limits.idle());
  }

  /** The client owes the body of its request. */
  void waitsForBody() {
    wait = new Wait(System.nanoTime(), limits.body());
  }

  /** The client owes the reading of what is written to it now. */
  void waitsForReader() {
    wait = new Wait(System.nanoTime(), limits.stall());
  }

  /** The server works; the client owes nothing. */
  void works() {
    wait = Wait.NONE;
  }

  /** Whether the client let its time pass. */
  boolean overdue(long now) {
    return wait.over(now);
  }

  boolean waits() {
    return wait != Wait.NONE;
  }

  /** Since when the client is waited for, as {@link System#nanoTime}. */
  long waitsSince() {
    return wait.since();
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
