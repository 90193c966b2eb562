package io.weldr.worker.rpc;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.weldr.worker.audit.AuditLog;
import io.weldr.worker.host.PeerCredentials;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Audit records of calls: {@code begin} before anything is done, {@code end} after; refused calls
 * have one record.
 */
final class CallAudit {
  private final AuditLog log;
  private final AtomicLong calls = new AtomicLong();

  CallAudit(AuditLog log) {
    this.log = log;
  }

  /** One call, in the making of its records. */
  final class Call {
    private final long number = calls.incrementAndGet();
    private final long started = System.nanoTime();
    private final Optional<Connection> connection;
    private final String method;
    private final boolean durable;
    private Optional<String> composeId = Optional.empty();

    private Call(Optional<Connection> connection, String method, boolean durable) {
      this.connection = connection;
      this.method = method;
      this.durable = durable;
    }

    /**
     * @throws IOException when the record could not be written
     */
    void begin(MethodPolicy policy, Message request) throws IOException {
      composeId = policy.composeId().apply(request);
      Map<String, Object> fields = fields("begin");
      MethodPolicy.specSha256(request).ifPresent(sha -> fields.put("spec_sha256", sha));
      fields.put("decision", "allowed");
      log.write(fields, durable);
    }

    void end(Status status) throws IOException {
      Map<String, Object> fields = fields("end");
      fields.put("outcome", status.getCode().name());
      if (!status.isOk() && status.getDescription() != null) {
        fields.put("reason", status.getDescription());
      }
      fields.put("duration_ms", Duration.ofNanos(System.nanoTime() - started).toMillis());
      log.write(fields, durable);
    }

    void denied(String reason) throws IOException {
      Map<String, Object> fields = fields("end");
      fields.put("decision", "denied");
      fields.put("reason", reason);
      log.write(fields, false);
    }

    private Map<String, Object> fields(String phase) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("event", "call");
      fields.put("phase", phase);
      fields.put("call", number);
      fields.put("method", method);
      connection.ifPresent(from -> describe(from.peer(), fields));
      composeId.ifPresent(id -> fields.put("compose_id", id));
      return fields;
    }
  }

  Call call(Optional<Connection> connection, String method, boolean durable) {
    return new Call(connection, method, durable);
  }

  static void describe(PeerCredentials peer, Map<String, Object> fields) {
    fields.put("uid", peer.uid());
    fields.put("gid", peer.gid());
    fields.put("pid", peer.pid());
    fields.put("pid_start", peer.startTicks());
    peer.context().ifPresent(context -> fields.put("context", context));
  }
}
