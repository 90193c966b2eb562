package io.weldr.api.worker;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.weldr.proto.worker.v1.BuildWorkerGrpc.BuildWorkerBlockingStub;
import io.weldr.proto.worker.v1.CancelRequest;
import io.weldr.proto.worker.v1.DeleteRequest;
import io.weldr.proto.worker.v1.SubmitRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Talks to the build worker. Survives its restarts: each call uses the open connection, or makes a
 * new one, which begins with Hello. Thread-safe.
 */
public final class WorkerClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Submit writes and syncs the whole compose, on a disk that may be busy. */
  private static final Duration SUBMIT_PATIENCE = Duration.ofMinutes(2);

  private final Path socket;
  private final long workerUid;
  private final String clientVersion;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private Optional<WorkerConnection> connection = Optional.empty();
  private boolean closed;

  /**
   * Connects with the first call.
   *
   * @param workerUid the user the process behind the socket must run as: 0, but in tests
   * @param clientVersion version of this program
   */
  public WorkerClient(Path socket, long workerUid, String clientVersion) {
    this.socket = socket;
    this.workerUid = workerUid;
    this.clientVersion = clientVersion;
  }

  /**
   * Queues a job; it survives a power cut when this returns. A lost connection is tried again once:
   * the worker takes the same job twice as one.
   *
   * @throws JobRefusedException when the worker does not accept the job
   * @throws WorkerUnavailableException when the worker does not answer; the job may be queued all
   *     the same
   */
  public WorkerCompose submit(Job job) throws WorkerException {
    SubmitRequest request = SubmitRequest.newBuilder().setJob(job.spec()).build();
    Function<BuildWorkerBlockingStub, WorkerCompose> call =
        stub ->
            WorkerCompose.of(stub.withDeadlineAfter(SUBMIT_PATIENCE).submit(request).getCompose());
    try {
      return call(call);
    } catch (WorkerUnavailableException e) {
      return call(call);
    }
  }

  /**
   * Asks a WAITING or RUNNING compose to end.
   *
   * @throws NoSuchComposeException when the worker does not know it
   * @throws ComposeStateException when it is over
   */
  public void cancel(UUID id) throws WorkerException {
    CancelRequest request = CancelRequest.newBuilder().setComposeId(id.toString()).build();
    call(stub -> stub.withDeadlineAfter(PATIENCE).cancel(request));
  }

  /**
   * Removes a FINISHED or FAILED compose.
   *
   * @throws NoSuchComposeException when the worker does not know it
   * @throws ComposeStateException when it is not over
   */
  public void delete(UUID id) throws WorkerException {
    DeleteRequest request = DeleteRequest.newBuilder().setComposeId(id.toString()).build();
    call(stub -> stub.withDeadlineAfter(PATIENCE).delete(request));
  }

  /** Tells the listener about every compose, from now on until the watch is closed. */
  public WorkerWatch watch(WorkerListener listener) {
    return WorkerWatch.start(this, listener);
  }

  /** The version of the worker's program; empty when there is no connection at present. */
  public synchronized Optional<String> workerVersion() {
    return connection.filter(WorkerConnection::usable).map(WorkerConnection::workerVersion);
  }

  private <T> T call(Function<BuildWorkerBlockingStub, T> call) throws WorkerException {
    WorkerConnection used = connect();
    try {
      return call.apply(used.stub());
    } catch (StatusRuntimeException e) {
      if (!used.usable()) {
        discard(used);
      }
      throw typed(e);
    } catch (IllegalArgumentException e) {
      throw new WorkerUnavailableException("The build worker answered nonsense", e);
    }
  }

  /** The open connection, or a new one. */
  synchronized WorkerConnection connect() throws WorkerUnavailableException {
    if (closed) {
      throw new WorkerUnavailableException("The server is stopping", null);
    }
    if (connection.isPresent() && connection.get().usable()) {
      return connection.get();
    }
    connection.ifPresent(WorkerConnection::close);
    connection = Optional.empty();
    try {
      WorkerConnection opened =
          WorkerConnection.open(socket, workerUid, clientVersion, PATIENCE, executor);
      connection = Optional.of(opened);
      return opened;
    } catch (StatusRuntimeException e) {
      throw unavailable(e.getStatus(), e);
    }
  }

  private synchronized void discard(WorkerConnection lost) {
    lost.close();
    if (connection.filter(present -> present == lost).isPresent()) {
      connection = Optional.empty();
    }
  }

  private WorkerException typed(StatusRuntimeException e) {
    Status status = e.getStatus();
    String text = Optional.ofNullable(status.getDescription()).orElse(status.getCode().name());
    return switch (status.getCode()) {
      case INVALID_ARGUMENT, ALREADY_EXISTS, RESOURCE_EXHAUSTED -> new JobRefusedException(text, e);
      case NOT_FOUND -> new NoSuchComposeException(text, e);
      case FAILED_PRECONDITION -> new ComposeStateException(text, e);
      default -> unavailable(status, e);
    };
  }

  private WorkerUnavailableException unavailable(Status status, StatusRuntimeException e) {
    Throwable cause = Optional.ofNullable(status.getCause()).orElse(e);
    String detail =
        switch (status.getCode()) {
          case UNAVAILABLE -> Optional.ofNullable(cause.getMessage()).orElse("no connection");
          case DEADLINE_EXCEEDED -> "no answer in time";
          default -> Optional.ofNullable(status.getDescription()).orElse(status.getCode().name());
        };
    return new WorkerUnavailableException(
        "The build worker does not answer on "
            + socket
            + " ("
            + detail
            + "); is weldr-composer-worker.service running?",
        e);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      connection.ifPresent(WorkerConnection::close);
      connection = Optional.empty();
    }
    executor.shutdownNow();
  }
}
