package io.weldr.worker.rpc;

import com.google.protobuf.Message;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A call that passed the gate's first checks: its request is still to be looked at, and its end to
 * be recorded.
 *
 * <p>Security: the handler sees a request only after the audit record is written; a call that
 * changes state is refused when that fails. A request must arrive within {@value #REQUEST_SECONDS}
 * seconds.
 */
final class GatedCall<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
  private static final Logger LOG = System.getLogger(GatedCall.class.getName());
  private static final int REQUEST_SECONDS = 30;

  private final MethodPolicy policy;
  private final CallAudit.Call record;
  private boolean begun;
  private boolean ended;

  GatedCall(ServerCall<Q, A> call, MethodPolicy policy, CallAudit.Call record) {
    super(call);
    this.policy = policy;
    this.record = record;
  }

  ServerCall.Listener<Q> listener(ServerCall.Listener<Q> next, ScheduledExecutorService timer) {
    Future<?> limit = timer.schedule(this::requestTooLate, REQUEST_SECONDS, TimeUnit.SECONDS);
    return new Listener(next, limit);
  }

  @Override
  public synchronized void sendHeaders(Metadata headers) {
    if (!ended) {
      super.sendHeaders(headers);
    }
  }

  @Override
  public synchronized void sendMessage(A message) {
    if (!ended) {
      super.sendMessage(message);
    }
  }

  @Override
  public synchronized void close(Status status, Metadata trailers) {
    if (!ended) {
      end(status);
      super.close(status, trailers);
    }
  }

  private void requestTooLate() {
    Duration limit = Duration.ofSeconds(REQUEST_SECONDS);
    refuse(
        Status.DEADLINE_EXCEEDED.withDescription(
            "the request did not arrive within " + limit.toSeconds() + " s"));
  }

  private void refuse(Status status) {
    close(status, new Metadata());
  }

  /** Whether the handler may see the request. */
  private synchronized boolean admit(Q request) {
    if (ended || isCancelled()) {
      return false;
    }
    if (!(request instanceof Message message)) {
      refuse(Status.INTERNAL.withDescription("not a message of the protocol"));
      return false;
    }
    Optional<String> unknown = UnknownFields.in(message);
    if (unknown.isPresent()) {
      refuse(
          Status.INVALID_ARGUMENT.withDescription(
              unknown.get()
                  + " has a field that this worker does not know; are both programs of"
                  + " the same version?"));
      return false;
    }
    return recorded(message);
  }

  private boolean recorded(Message message) {
    try {
      record.begin(policy, message);
      begun = true;
      return true;
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the audit log cannot be written", e);
      if (policy.changesState()) {
        refuse(
            Status.UNAVAILABLE.withDescription(
                "the worker's audit log cannot be written; see its journal"));
        return false;
      }
      return true;
    }
  }

  private synchronized void end(Status status) {
    if (ended) {
      return;
    }
    ended = true;
    try {
      if (begun) {
        record.end(status);
      } else {
        record.denied(
            Optional.ofNullable(status.getDescription()).orElse("no whole request arrived"));
      }
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the end of a call could not be audited", e);
    }
  }

  private final class Listener
      extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
    private final Future<?> limit;
    private boolean admitted;

    Listener(ServerCall.Listener<Q> next, Future<?> limit) {
      super(next);
      this.limit = limit;
    }

    @Override
    public void onMessage(Q message) {
      admitted = admit(message);
      if (admitted) {
        super.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      limit.cancel(false);
      // What was refused in onMessage is closed; a missing request is answered by the handler.
      boolean gone = policy.changesState() && isCancelled();
      if (!gone && (admitted || !begunOrEnded())) {
        super.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      limit.cancel(false);
      end(Status.CANCELLED.withDescription("the client went away"));
      super.onCancel();
    }

    @Override
    public void onComplete() {
      limit.cancel(false);
      super.onComplete();
    }

    private boolean begunOrEnded() {
      synchronized (GatedCall.this) {
        return begun || ended;
      }
    }
  }
}
