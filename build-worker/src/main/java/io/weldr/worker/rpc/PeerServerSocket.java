package io.weldr.worker.rpc;

import io.weldr.worker.host.PeerCredentials;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * The listening socket as gRPC sees it. {@link #accept} gives only connections of the API user, and
 * throws only after {@link #close}: gRPC stops listening for good on the first exception.
 *
 * <p>Security: every other peer is closed before a byte is read, and audited. At most {@value
 * #MOST_CONNECTIONS} connections are open at once, and one that has not said Hello in time is
 * closed, since each costs a thread.
 */
final class PeerServerSocket extends ServerSocket {
  static final int MOST_CONNECTIONS = 4;

  private static final Logger LOG = System.getLogger(PeerServerSocket.class.getName());
  private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final AFUNIXServerSocket socket;
  private final PeerPolicy policy;
  private final RefusedPeers refused;
  private final DescriptorReserve reserve = new DescriptorReserve();
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean closed;

  PeerServerSocket(AFUNIXServerSocket socket, PeerPolicy policy, RefusedPeers refused)
      throws IOException {
    this.socket = socket;
    this.policy = policy;
    this.refused = refused;
  }

  /** Connections open now. */
  int connections() {
    return open.get();
  }

  @Override
  public void bind(SocketAddress address) {
    // Bound already, with owner and mode.
  }

  @Override
  public void bind(SocketAddress address, int backlog) {
    // Bound already, with owner and mode.
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public Socket accept() throws SocketException {
    Duration pause = SHORTEST_PAUSE;
    while (!closed) {
      try {
        Optional<Socket> accepted = admit(socket.accept());
        reserve.refill();
        if (accepted.isPresent()) {
          return accepted.get();
        }
        pause = SHORTEST_PAUSE;
      } catch (IOException | RuntimeException e) {
        pause = afterFailure(e, pause);
      }
    }
    throw new SocketException("closed");
  }

  @Override
  public void close() throws IOException {
    closed = true;
    socket.close();
    reserve.close();
  }

  private Optional<Socket> admit(AFUNIXSocket accepted) throws IOException {
    try {
      PeerCredentials peer = PeerCredentials.of(accepted);
      Optional<String> refusal = policy.refusal(peer).or(this::tooMany);
      if (refusal.isEmpty()) {
        return Optional.of(connected(accepted, new Connection(peer)));
      }
      refused.add(peer, refusal.get());
    } catch (IOException | RuntimeException e) {
      accepted.close();
      throw e;
    }
    accepted.close();
    return Optional.empty();
  }

  private Optional<String> tooMany() {
    return open.get() < MOST_CONNECTIONS
        ? Optional.empty()
        : Optional.of(MOST_CONNECTIONS + " connections are open already");
  }

  private Socket connected(AFUNIXSocket accepted, Connection connection) {
    open.incrementAndGet();
    PeerSocket peer = new PeerSocket(accepted, connection, open::decrementAndGet);
    Thread.ofVirtual().name("hello-limit").start(() -> closeIfSilent(peer));
    return peer;
  }

  private static void closeIfSilent(PeerSocket peer) {
    try {
      Thread.sleep(HELLO_LIMIT);
      if (!peer.connection().greeted() && !peer.isClosed()) {
        LOG.log(Level.WARNING, "no Hello from {0}: connection closed", peer.connection());
        peer.close();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a silent connection did not close cleanly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration afterFailure(Exception failure, Duration pause) {
    if (closed) {
      return pause;
    }
    LOG.log(Level.WARNING, "a connection could not be accepted: {0}", failure.getMessage());
    dropOneWaiting();
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      // gRPC stops this thread by closing the socket, not by interrupts.
      LOG.log(Level.DEBUG, "interrupted while waiting for descriptors");
    }
    Duration longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
  }

  /** With descriptors used up, a reserved one lets us turn the first waiting peer away. */
  private void dropOneWaiting() {
    try {
      reserve.release();
      socket.setSoTimeout(1);
      try (AFUNIXSocket waiting = socket.accept()) {
        LOG.log(Level.WARNING, "turned away {0}: out of descriptors", waiting);
      } finally {
        socket.setSoTimeout(0);
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "nobody could be turned away", e);
    } finally {
      reserve.refill();
    }
  }
}
