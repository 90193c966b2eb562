package io.weldr.api.worker;

import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.weldr.proto.worker.v1.BuildWorkerGrpc;
import io.weldr.proto.worker.v1.BuildWorkerGrpc.BuildWorkerBlockingStub;
import io.weldr.proto.worker.v1.HelloRequest;
import io.weldr.proto.worker.v1.HelloResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;

/** One connection on which the worker has agreed to the protocol version. */
final class WorkerConnection implements AutoCloseable {
  static final int PROTOCOL_VERSION = 1;

  private final ManagedChannel channel;
  private final HelloResponse hello;

  private WorkerConnection(ManagedChannel channel, HelloResponse hello) {
    this.channel = channel;
    this.hello = hello;
  }

  /**
   * Connects and says Hello.
   *
   * @throws StatusRuntimeException when the worker is not there or of another version
   */
  static WorkerConnection open(
      Path socket, long workerUid, String clientVersion, Duration patience, Executor executor) {
    ManagedChannel channel =
        OkHttpChannelBuilder.forAddress("localhost", 1, InsecureChannelCredentials.create())
            .socketFactory(new WorkerSockets(socket, workerUid))
            .executor(executor)
            .disableRetry()
            .build();
    boolean agreed = false;
    try {
      HelloResponse hello = hello(channel, clientVersion, patience);
      agreed = true;
      return new WorkerConnection(channel, hello);
    } finally {
      if (!agreed) {
        channel.shutdownNow();
      }
    }
  }

  private static HelloResponse hello(ManagedChannel channel, String version, Duration patience) {
    HelloResponse hello =
        BuildWorkerGrpc.newBlockingStub(channel)
            .withDeadlineAfter(patience)
            .hello(
                HelloRequest.newBuilder()
                    .setProtocolVersion(PROTOCOL_VERSION)
                    .setClientVersion(version)
                    .build());
    if (hello.getProtocolVersion() != PROTOCOL_VERSION) {
      throw Status.FAILED_PRECONDITION
          .withDescription(
              "the worker speaks protocol version "
                  + hello.getProtocolVersion()
                  + ", this server "
                  + PROTOCOL_VERSION)
          .asRuntimeException();
    }
    return hello;
  }

  BuildWorkerBlockingStub stub() {
    return BuildWorkerGrpc.newBlockingStub(channel);
  }

  /** The worker's program version. */
  String workerVersion() {
    return hello.getWorkerVersion();
  }

  /** Whether Anaconda installs there. */
  boolean anaconda() {
    return hello.getAnaconda();
  }

  boolean usable() {
    return channel.getState(false) == ConnectivityState.READY;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
