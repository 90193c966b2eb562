package io.weldr.worker.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.weldr.proto.worker.v1.BuildWorkerGrpc;
import io.weldr.proto.worker.v1.CancelRequest;
import io.weldr.proto.worker.v1.CancelResponse;
import io.weldr.proto.worker.v1.DeleteRequest;
import io.weldr.proto.worker.v1.DeleteResponse;
import io.weldr.proto.worker.v1.HelloRequest;
import io.weldr.proto.worker.v1.HelloResponse;
import io.weldr.proto.worker.v1.ListRequest;
import io.weldr.proto.worker.v1.ListResponse;
import io.weldr.proto.worker.v1.SubmitRequest;
import io.weldr.proto.worker.v1.SubmitResponse;
import io.weldr.proto.worker.v1.WatchEvent;
import io.weldr.proto.worker.v1.WatchRequest;
import io.weldr.worker.job.JobQueue;
import io.weldr.worker.job.RequestRefusedException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/** The methods of the private protocol; {@link CallGate} has checked and recorded each call. */
final class BuildWorkerService extends BuildWorkerGrpc.BuildWorkerImplBase {
  static final int PROTOCOL_VERSION = 1;

  private static final Logger LOG = System.getLogger(BuildWorkerService.class.getName());

  private final Supplier<JobQueue> queue;
  private final int slots;
  private final String version;
  private final boolean anaconda;

  BuildWorkerService(Supplier<JobQueue> queue, int slots, String version, boolean anaconda) {
    this.anaconda = anaconda;
    this.queue = queue;
    this.slots = slots;
    this.version = version;
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloResponse> client) {
    answer(client, () -> hello(request));
  }

  @Override
  public void submit(SubmitRequest request, StreamObserver<SubmitResponse> client) {
    answer(
        client,
        () -> {
          var job = JobSpecValidation.validate(request.getJob());
          String sha256 = MethodPolicy.sha256(request.getJob().toByteArray());
          var accepted = ComposeMessages.compose(queue.get().submit(job, sha256));
          return SubmitResponse.newBuilder().setCompose(accepted).build();
        });
  }

  @Override
  public void cancel(CancelRequest request, StreamObserver<CancelResponse> client) {
    answer(
        client,
        () -> {
          queue.get().cancel(JobSpecValidation.composeId(request.getComposeId()));
          return CancelResponse.getDefaultInstance();
        });
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> client) {
    answer(
        client,
        () -> {
          queue.get().delete(JobSpecValidation.composeId(request.getComposeId()));
          return DeleteResponse.getDefaultInstance();
        });
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> client) {
    answer(
        client,
        () -> {
          var composes = queue.get().list().stream().map(ComposeMessages::compose).toList();
          return ListResponse.newBuilder().addAllComposes(composes).build();
        });
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchEvent> client) {
    WatchStream.start(queue, (ServerCallStreamObserver<WatchEvent>) client);
  }

  private HelloResponse hello(HelloRequest request) throws InvalidRequestException {
    Problems problems = new Problems();
    problems.check("client_version", request.getClientVersion(), FieldRule.CLIENT_VERSION);
    InvalidRequestException.throwIfAny(problems);
    if (request.getProtocolVersion() != PROTOCOL_VERSION) {
      throw Status.FAILED_PRECONDITION
          .withDescription(
              "this build-worker speaks protocol version "
                  + PROTOCOL_VERSION
                  + " and was asked for version "
                  + Integer.toUnsignedString(request.getProtocolVersion())
                  + "; install api-server and build-worker of the same release")
          .asRuntimeException();
    }
    CallGate.CONNECTION.get().greet();
    return HelloResponse.newBuilder()
        .setProtocolVersion(PROTOCOL_VERSION)
        .setWorkerVersion(version)
        .setSlots(slots)
        .setAnaconda(anaconda)
        .build();
  }

  private static <A> void answer(StreamObserver<A> client, Answer<A> work) {
    try {
      A answer = work.make();
      client.onNext(answer);
      client.onCompleted();
    } catch (InvalidRequestException e) {
      fail(client, Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
    } catch (RequestRefusedException e) {
      fail(client, status(e.reason()).withDescription(e.getMessage()));
    } catch (StatusRuntimeException e) {
      client.onError(e);
    } catch (IOException e) {
      LOG.log(Level.ERROR, "a request could not be carried out", e);
      fail(client, Status.UNAVAILABLE.withDescription("the worker's disk: " + e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(client, Status.UNAVAILABLE.withDescription("the worker is stopping"));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request failed unexpectedly", e);
      fail(client, Status.INTERNAL.withDescription("unexpected; see the worker's journal"));
    }
  }

  private static void fail(StreamObserver<?> client, Status status) {
    client.onError(status.asRuntimeException());
  }

  private static Status status(RequestRefusedException.Reason reason) {
    return switch (reason) {
      case INVALID -> Status.INVALID_ARGUMENT;
      case UNKNOWN_COMPOSE -> Status.NOT_FOUND;
      case WRONG_STATE -> Status.FAILED_PRECONDITION;
      case EXISTS -> Status.ALREADY_EXISTS;
      case QUEUE_FULL, NO_SPACE -> Status.RESOURCE_EXHAUSTED;
    };
  }

  @FunctionalInterface
  private interface Answer<A> {
    A make()
        throws InvalidRequestException, RequestRefusedException, IOException, InterruptedException;
  }
}
