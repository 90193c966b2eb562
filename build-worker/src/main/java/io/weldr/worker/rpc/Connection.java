package io.weldr.worker.rpc;

import io.weldr.worker.host.PeerCredentials;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One accepted connection, as gRPC hands it to every call as the remote address.
 *
 * <p>Security: made at accept from what the kernel says, before a byte of the peer is read.
 */
@SuppressWarnings("serial") // never serialized; SocketAddress merely is Serializable
final class Connection extends SocketAddress {
  private final PeerCredentials peer;
  private final AtomicBoolean greeted = new AtomicBoolean();

  Connection(PeerCredentials peer) {
    this.peer = peer;
  }

  PeerCredentials peer() {
    return peer;
  }

  /** Whether Hello succeeded on this connection. */
  boolean greeted() {
    return greeted.get();
  }

  void greet() {
    greeted.set(true);
  }

  @Override
  public String toString() {
    return "peer pid " + peer.pid() + " uid " + peer.uid();
  }
}
