package io.weldr.api.worker;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import io.weldr.proto.worker.v1.BuildWorkerGrpc.BuildWorkerImplBase;
import io.weldr.proto.worker.v1.CancelRequest;
import io.weldr.proto.worker.v1.CancelResponse;
import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.Composes;
import io.weldr.proto.worker.v1.DeleteRequest;
import io.weldr.proto.worker.v1.DeleteResponse;
import io.weldr.proto.worker.v1.Failure;
import io.weldr.proto.worker.v1.HelloRequest;
import io.weldr.proto.worker.v1.HelloResponse;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.proto.worker.v1.Progress;
import io.weldr.proto.worker.v1.SnapshotEnd;
import io.weldr.proto.worker.v1.State;
import io.weldr.proto.worker.v1.SubmitRequest;
import io.weldr.proto.worker.v1.SubmitResponse;
import io.weldr.proto.worker.v1.WatchEvent;
import io.weldr.proto.worker.v1.WatchRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/**
 * A worker that keeps composes in memory and builds nothing, on a real unix socket. Like the real
 * one it refuses every call on a connection that did not begin with Hello. Its composes survive
 * {@link #stop} and {@link #start}.
 */
public final class FakeWorker extends BuildWorkerImplBase implements AutoCloseable {
  private static final Context.Key<FakeServerSocket.Peer> PEER = Context.key("peer");

  private final Path socket;
  private final Map<String, JobSpec> jobs = new LinkedHashMap<>();
  private final Map<String, Compose> composes = new LinkedHashMap<>();
  private final List<StreamObserver<WatchEvent>> watchers = new CopyOnWriteArrayList<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile int protocolVersion = 1;
  private volatile String refusal = "";
  private int answersToLose;
  private boolean dies;
  private Server server;

  public FakeWorker(Path socket) throws IOException {
    this.socket = socket;
    start();
  }

  public void start() throws IOException {
    Files.deleteIfExists(socket);
    server =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .socketFactory(new Factory(new FakeServerSocket(socket)))
            .intercept(new HelloFirst())
            .addService(this)
            .build()
            .start();
  }

  /** Ends all connections, as the death of the worker's process does. */
  public void stop() throws InterruptedException {
    server.shutdownNow();
    server.awaitTermination(10, TimeUnit.SECONDS);
    watchers.clear();
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }

  public void speakVersion(int version) {
    protocolVersion = version;
  }

  /** From now on jobs are refused with this text. */
  public void refuseJobs(String text) {
    refusal = text;
  }

  /** The next jobs are queued, and their clients never hear of it: the connection is lost. */
  public void loseAnswers(int count) {
    answersToLose = count;
  }

  /** The next job is queued, and then the process is gone, without a word to anybody. */
  public void dieWithTheNextJob() {
    dies = true;
  }

  /** Names of the calls that came in, in order. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  public synchronized List<JobSpec> jobs() {
    return new ArrayList<>(jobs.values());
  }

  /** Sets the state of a compose and tells the watchers. */
  public synchronized void become(String id, State state) {
    Compose.Builder changed = composes.get(id).toBuilder().setState(state).setStartedMs(2_000);
    if (state == State.STATE_FAILED) {
      changed.setFinishedMs(3_000).setFailure(Failure.newBuilder().setCode("TEST_FAILED"));
    }
    put(changed.build());
  }

  /** A running compose comes further. */
  public synchronized void progress(String id, String stage, int percent) {
    Progress progress = Progress.newBuilder().setStage(stage).setPercent(percent).build();
    put(composes.get(id).toBuilder().setProgress(progress).build());
  }

  /** Adds a compose, or changes it, and tells the watchers. */
  public synchronized void put(Compose compose) {
    composes.put(compose.getComposeId(), compose);
    watchers.forEach(w -> w.onNext(WatchEvent.newBuilder().setCompose(compose).build()));
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloResponse> answer) {
    PEER.get().greeted = true;
    answer.onNext(
        HelloResponse.newBuilder()
            .setProtocolVersion(protocolVersion)
            .setWorkerVersion("fake")
            .setSlots(1)
            .setAnaconda(true)
            .build());
    answer.onCompleted();
  }

  @Override
  public synchronized void submit(SubmitRequest request, StreamObserver<SubmitResponse> answer) {
    JobSpec job = request.getJob();
    if (!refusal.isEmpty()) {
      answer.onError(Status.INVALID_ARGUMENT.withDescription(refusal).asRuntimeException());
      return;
    }
    if (jobs.putIfAbsent(job.getComposeId(), job) == null) {
      Compose compose = waiting(job);
      if (dies) {
        composes.put(compose.getComposeId(), compose);
      } else {
        put(compose);
      }
    }
    if (dies) {
      dies = false;
      server.shutdownNow();
      watchers.clear();
      return;
    }
    if (answersToLose > 0) {
      answersToLose--;
      answer.onError(Status.UNAVAILABLE.withDescription("lost").asRuntimeException());
      return;
    }
    answer.onNext(SubmitResponse.newBuilder().setCompose(composes.get(job.getComposeId())).build());
    answer.onCompleted();
  }

  private Compose waiting(JobSpec job) {
    return Compose.newBuilder()
        .setComposeId(job.getComposeId())
        .setBlueprintName(job.getBlueprint().getName())
        .setBlueprintVersion(job.getBlueprint().getVersion())
        .setOutputType(job.getOutputType())
        .setState(State.STATE_WAITING)
        .setCreatedMs(1_000 + jobs.size())
        .setImageName("root.tar.xz")
        .build();
  }

  @Override
  public synchronized void cancel(CancelRequest request, StreamObserver<CancelResponse> answer) {
    Compose compose = composes.get(request.getComposeId());
    if (compose == null) {
      answer.onError(Status.NOT_FOUND.asRuntimeException());
    } else if (ended(compose)) {
      answer.onError(Status.FAILED_PRECONDITION.asRuntimeException());
    } else {
      become(request.getComposeId(), State.STATE_FAILED);
      answer.onNext(CancelResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private static boolean ended(Compose compose) {
    return compose.getState() == State.STATE_FAILED || compose.getState() == State.STATE_FINISHED;
  }

  @Override
  public synchronized void delete(DeleteRequest request, StreamObserver<DeleteResponse> answer) {
    String id = request.getComposeId();
    Compose compose = composes.get(id);
    if (compose == null) {
      answer.onError(Status.NOT_FOUND.asRuntimeException());
    } else if (!ended(compose)) {
      answer.onError(Status.FAILED_PRECONDITION.asRuntimeException());
    } else {
      composes.remove(id);
      watchers.forEach(w -> w.onNext(WatchEvent.newBuilder().setDeletedId(id).build()));
      answer.onNext(DeleteResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }

  @Override
  public synchronized void watch(WatchRequest request, StreamObserver<WatchEvent> answer) {
    Composes present = Composes.newBuilder().addAllComposes(composes.values()).build();
    answer.onNext(WatchEvent.newBuilder().setComposes(present).build());
    answer.onNext(WatchEvent.newBuilder().setSnapshotEnd(SnapshotEnd.getDefaultInstance()).build());
    watchers.add(answer);
  }

  private final class HelloFirst implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      FakeServerSocket.Peer peer =
          (FakeServerSocket.Peer) call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      String name = call.getMethodDescriptor().getBareMethodName();
      calls.add(name);
      if (!peer.greeted && !name.equals("Hello")) {
        call.close(
            Status.FAILED_PRECONDITION.withDescription("a connection begins with Hello"),
            new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return Contexts.interceptCall(Context.current().withValue(PEER, peer), call, headers, next);
    }
  }

  private static final class Factory extends ServerSocketFactory {
    private final ServerSocket socket;

    Factory(ServerSocket socket) {
      this.socket = socket;
    }

    @Override
    public ServerSocket createServerSocket() {
      return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port) {
      return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) {
      return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
      return socket;
    }
  }
}
