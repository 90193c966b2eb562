package io.weldr.worker.rpc;

import io.weldr.worker.audit.AuditLog;
import io.weldr.worker.host.PeerCredentials;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Records of connections that were closed at accept. A peer that hammers the socket gets {@value
 * #PER_WINDOW} records a minute; the rest is counted, and the count is part of the next record.
 */
final class RefusedPeers {
  static final int PER_WINDOW = 20;

  private static final Logger LOG = System.getLogger(RefusedPeers.class.getName());
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final AuditLog audit;
  private final Clock clock;
  private Instant windowEnd = Instant.MIN;
  private int inWindow;
  private long unrecorded;

  RefusedPeers(AuditLog audit, Clock clock) {
    this.audit = audit;
    this.clock = clock;
  }

  synchronized void add(PeerCredentials peer, String reason) {
    Instant now = clock.instant();
    if (now.isAfter(windowEnd)) {
      windowEnd = now.plus(WINDOW);
      inWindow = 0;
    }
    if (inWindow >= PER_WINDOW) {
      unrecorded++;
      return;
    }
    inWindow++;
    record(peer, reason);
  }

  private void record(PeerCredentials peer, String reason) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", "connection");
    CallAudit.describe(peer, fields);
    fields.put("decision", "denied");
    fields.put("reason", reason);
    if (unrecorded > 0) {
      fields.put("unrecorded_before", unrecorded);
    }
    try {
      audit.write(fields, false);
      unrecorded = 0;
    } catch (IOException e) {
      LOG.log(Level.ERROR, "a refused connection could not be audited: {0}", e.getMessage());
    }
  }
}
