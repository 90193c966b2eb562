package io.weldr.api.worker;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.weldr.proto.worker.v1.BuildWorkerGrpc.BuildWorkerBlockingStub;
import io.weldr.proto.worker.v1.CancelRequest;
import io.weldr.proto.worker.v1.DeleteRequest;
import io.weldr.proto.worker.v1.SubmitRequest;
import java.nio.file.Files;
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
  private static final Duration SUBMIT_PATIENCE = Duration.ofSeconds(90);

  /**
   * A worker that is restarted is mostly back before; nobody should wait longer for one that is
   * not.
   */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Path socket;
  private final long workerUid;
  private final String clientVersion;
  private final Duration settling;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private Optional<WorkerConnection> connection = Optional.empty();
  private volatile Optional<Boolean> anaconda = Optional.empty();
  private boolean closed;

  /**
   * Connects with the first call.
   *
   * @param workerUid the user the process behind the socket must run as: 0, but in tests
   * @param clientVersion version of this program
   */
  public WorkerClient(Path socket, long workerUid, String clientVersion) {
    this(socket, workerUid, clientVersion, SETTLING);
  }

  /**
   * @param settling how long to ask again what became of a job whose answer was lost
   */
  public WorkerClient(Path socket, long workerUid, String clientVersion, Duration settling) {
    this.socket = socket;
    this.workerUid = workerUid;
    this.clientVersion = clientVersion;
    this.settling = settling;
  }

  /**
   * Queues a job; it survives a power cut when this returns. The worker takes the same job twice as
   * one, so a job whose answer is lost is sent again until it is known what became of it.
   *
   * @throws JobRefusedException when the worker does not accept the job
   * @throws WorkerUnavailableException when the worker cannot be reached; nothing was queued
   * @throws OutcomeUnknownException when the worker got the job and then did not answer for long
   */
  public WorkerCompose submit(Job job) throws WorkerException {
    SubmitRequest request = SubmitRequest.newBuilder().setJob(job.spec()).build();
    try {
      return submit(request, SUBMIT_PATIENCE);
    } catch (WorkerUnavailableException e) {
      return e.sent() ? settle(request) : submit(request, SUBMIT_PATIENCE);
    }
  }

  private WorkerCompose submit(SubmitRequest request, Duration patience) throws WorkerException {
    return call(
        stub -> WorkerCompose.of(stub.withDeadlineAfter(patience).submit(request).getCompose()));
  }

  private WorkerCompose settle(SubmitRequest request) throws WorkerException {
    long end = System.nanoTime() + settling.toNanos();
    while (true) {
      try {
        return submit(request, settling);
      } catch (WorkerUnavailableException e) {
        if (System.nanoTime() > end || !pause()) {
          throw new OutcomeUnknownException(e.getMessage(), e);
        }
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
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

  /** Whether Anaconda installs, as the worker said last; empty until there was a connection. */
  public Optional<Boolean> anaconda() {
    return anaconda;
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
      throw new WorkerUnavailableException("The build worker answered nonsense", true, e);
    }
  }

  /** Whether there is something to connect to; nobody may listen any more. */
  boolean hasSocket() {
    return Files.exists(socket);
  }

  /** The open connection, or a new one. */
  synchronized WorkerConnection connect() throws WorkerUnavailableException {
    if (closed) {
      throw new WorkerUnavailableException("The server is stopping", false, null);
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
      anaconda = Optional.of(opened.anaconda());
      return opened;
    } catch (StatusRuntimeException e) {
      throw unavailable(e.getStatus(), false, e);
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
      default -> unavailable(status, true, e);
    };
  }

  private WorkerUnavailableException unavailable(
      Status status, boolean sent, StatusRuntimeException e) {
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
        sent,
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
