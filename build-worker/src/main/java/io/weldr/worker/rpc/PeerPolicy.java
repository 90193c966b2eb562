package io.weldr.worker.rpc;

import io.weldr.worker.host.PeerCredentials;
import java.util.Optional;

/**
 * Who may speak to the worker at all.
 *
 * <p>Security: one uid, compared with what the kernel recorded. Root is refused too: nothing that
 * runs as root needs this socket, so a root peer is a mistake or an attack.
 */
record PeerPolicy(long apiUid) {

  /** Why the peer is refused; empty when it may go on. */
  Optional<String> refusal(PeerCredentials peer) {
    if (peer.uid() == apiUid) {
      return Optional.empty();
    }
    return Optional.of("uid " + peer.uid() + " is not the API user's uid " + apiUid);
  }
}
