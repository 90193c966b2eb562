package io.weldr.worker.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The one way to every method.
 *
 * <p>Security: default deny. A call goes on only when it came over a connection whose peer was
 * checked at accept, its method has a row in the policy table, the connection has begun with Hello,
 * and its request has no unknown fields; what goes on has an audit record first.
 */
final class CallGate implements ServerInterceptor {
  /** The connection of the call that is being handled. */
  static final Context.Key<Connection> CONNECTION = Context.key("connection");

  private static final Logger LOG = System.getLogger(CallGate.class.getName());

  private final Map<String, MethodPolicy> policies;
  private final CallAudit audit;
  private final ScheduledExecutorService timer;

  CallGate(Map<String, MethodPolicy> policies, CallAudit audit, ScheduledExecutorService timer) {
    this.policies = policies;
    this.audit = audit;
    this.timer = timer;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Optional<MethodPolicy> policy = Optional.ofNullable(policies.get(method));
    Optional<Connection> connection = connection(call);
    CallAudit.Call record =
        audit.call(connection, method, policy.map(MethodPolicy::changesState).orElse(false));
    if (connection.isEmpty() || policy.isEmpty()) {
      return deny(call, record, Status.PERMISSION_DENIED.withDescription("not allowed"));
    }
    if (!connection.get().greeted() && !policy.get().first()) {
      return deny(
          call,
          record,
          Status.FAILED_PRECONDITION.withDescription("a connection must begin with Hello"));
    }
    GatedCall<Q, A> gated = new GatedCall<>(call, policy.get(), record);
    Context context = Context.current().withValue(CONNECTION, connection.get());
    return gated.listener(Contexts.interceptCall(context, gated, headers, next), timer);
  }

  private static Optional<Connection> connection(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof Connection known
        ? Optional.of(known)
        : Optional.empty();
  }

  private static <Q> ServerCall.Listener<Q> deny(
      ServerCall<Q, ?> call, CallAudit.Call record, Status status) {
    try {
      record.denied(status.getDescription());
    } catch (IOException e) {
      LOG.log(Level.ERROR, "a refused call could not be audited", e);
    }
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
