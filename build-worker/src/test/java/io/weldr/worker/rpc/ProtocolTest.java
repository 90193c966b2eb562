package io.weldr.worker.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.weldr.proto.worker.v1.BuildWorkerGrpc;
import io.weldr.proto.worker.v1.CancelRequest;
import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.DeleteRequest;
import io.weldr.proto.worker.v1.HelloRequest;
import io.weldr.proto.worker.v1.HelloResponse;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.proto.worker.v1.ListRequest;
import io.weldr.proto.worker.v1.State;
import io.weldr.proto.worker.v1.SubmitRequest;
import io.weldr.proto.worker.v1.WatchEvent;
import io.weldr.proto.worker.v1.WatchRequest;
import io.weldr.worker.job.TestJobs;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {
  @TempDir Path top;

  @Test
  void everyMethodOfTheServiceHasARowInThePolicyTableAndNothingElse() {
    var methods =
        BuildWorkerGrpc.getServiceDescriptor().getMethods().stream()
            .map(MethodDescriptor::getFullMethodName)
            .collect(Collectors.toSet());
    assertEquals(methods, MethodPolicy.TABLE.keySet());
  }

  @Test
  void aMethodWithoutARowIsRefused() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      assertEquals(
          Status.Code.UNIMPLEMENTED,
          code(() -> call(server.channel(), "grpc.health.v1.Health/Check")));
      assertEquals(
          Status.Code.UNIMPLEMENTED,
          code(() -> call(server.channel(), "grpc.reflection.v1.ServerReflection/Info")));
    }
  }

  @Test
  void nothingGoesBeforeHello() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = BuildWorkerGrpc.newBlockingStub(server.channel());
      var job = TestServer.submit(TestServer.job("finish"));
      var refused = assertThrows(StatusRuntimeException.class, () -> client.submit(job));
      assertEquals(Status.Code.FAILED_PRECONDITION, refused.getStatus().getCode());
      assertTrue(refused.getMessage().contains("must begin with Hello"));
      assertEquals(
          Status.Code.FAILED_PRECONDITION,
          code(() -> client.watch(WatchRequest.getDefaultInstance()).next()));
      assertTrue(server.composes().queue().list().isEmpty());
      assertTrue(server.auditLines().getFirst().contains("\"decision\":\"denied\""));
    }
  }

  @Test
  void anotherProtocolVersionIsRefusedAndOpensNothing() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = BuildWorkerGrpc.newBlockingStub(server.channel());
      for (int version : new int[] {0, 2, -1}) {
        var hello = HelloRequest.newBuilder().setProtocolVersion(version).build();
        assertEquals(Status.Code.FAILED_PRECONDITION, code(() -> client.hello(hello)));
      }
      assertEquals(
          Status.Code.FAILED_PRECONDITION,
          code(() -> client.list(ListRequest.getDefaultInstance())));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void helloTellsWhatTheWorkerIs(boolean anaconda) throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT, anaconda)) {
      HelloResponse hello =
          BuildWorkerGrpc.newBlockingStub(server.channel())
              .hello(HelloRequest.newBuilder().setProtocolVersion(1).build());
      assertEquals(
          HelloResponse.newBuilder()
              .setProtocolVersion(1)
              .setWorkerVersion("test")
              .setSlots(2)
              .setAnaconda(anaconda)
              .build(),
          hello);
    }
  }

  @Test
  void helloOpensOnlyItsOwnConnection() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      server.client();
      var other = BuildWorkerGrpc.newBlockingStub(server.channel());
      assertEquals(
          Status.Code.FAILED_PRECONDITION,
          code(() -> other.list(ListRequest.getDefaultInstance())));
    }
  }

  @Test
  void unknownFieldsAreRefusedAtEveryDepth() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = server.client();
      UnknownFieldSet unknown =
          UnknownFieldSet.newBuilder()
              .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
              .build();
      JobSpec job = TestServer.job("finish");
      List<JobSpec> deeper =
          List.of(
              job.toBuilder().setUnknownFields(unknown).build(),
              job.toBuilder()
                  .setBlueprint(job.getBlueprint().toBuilder().setUnknownFields(unknown))
                  .build(),
              job.toBuilder()
                  .setPackages(0, job.getPackages(0).toBuilder().setUnknownFields(unknown))
                  .build(),
              job.toBuilder()
                  .setSources(
                      0,
                      job.getSources(0).toBuilder()
                          .setHost(
                              job.getSources(0).getHost().toBuilder().setUnknownFields(unknown)))
                  .build());
      for (JobSpec one : deeper) {
        assertEquals(
            Status.Code.INVALID_ARGUMENT, code(() -> client.submit(TestServer.submit(one))));
      }
      var top = TestServer.submit(job).toBuilder().setUnknownFields(unknown).build();
      assertEquals(Status.Code.INVALID_ARGUMENT, code(() -> client.submit(top)));
      var list = ListRequest.newBuilder().setUnknownFields(unknown).build();
      assertEquals(Status.Code.INVALID_ARGUMENT, code(() -> client.list(list)));
      var watch = WatchRequest.newBuilder().setUnknownFields(unknown).build();
      assertEquals(Status.Code.INVALID_ARGUMENT, code(() -> client.watch(watch).next()));
      assertTrue(server.composes().queue().list().isEmpty());
    }
  }

  @Test
  void tooLargeAMessageIsRefusedAndTheServerGoesOn() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = server.client();
      JobSpec job = TestServer.job("finish");
      JobSpec huge =
          job.toBuilder()
              .setBlueprint(
                  job.getBlueprint().toBuilder().setToml("x".repeat(RpcServer.LARGEST_MESSAGE)))
              .build();
      assertThrows(StatusRuntimeException.class, () -> client.submit(TestServer.submit(huge)));
      assertEquals(0, server.client().list(ListRequest.getDefaultInstance()).getComposesCount());
    }
  }

  @Test
  void theLargestAllowedJobFits() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      JobSpec job = TestServer.job("finish");
      String document = "#".repeat(1 << 20);
      JobSpec.Builder largest =
          job.toBuilder()
              .setBlueprint(
                  job.getBlueprint().toBuilder().setToml(document).setFrozenToml(document));
      for (int i = 1; i < JobSpecValidation.MOST_PACKAGES; i++) {
        largest.addPackages(job.getPackages(0).toBuilder().setName("package-number-" + i));
      }
      Compose accepted = server.client().submit(TestServer.submit(largest.build())).getCompose();
      assertEquals(State.STATE_WAITING, accepted.getState());
      TestJobs.awaitEnd(server.composes().queue(), UUID.fromString(accepted.getComposeId()));
    }
  }

  @Test
  void tooMuchMetadataIsRefused() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      Metadata much = new Metadata();
      much.put(
          Metadata.Key.of("much", Metadata.ASCII_STRING_MARSHALLER),
          "x".repeat(RpcServer.LARGEST_METADATA));
      var client =
          BuildWorkerGrpc.newBlockingStub(server.channel())
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(much));
      assertThrows(
          StatusRuntimeException.class,
          () -> client.hello(HelloRequest.newBuilder().setProtocolVersion(1).build()));
      server.client();
    }
  }

  @Test
  void aSubmissionIsIdempotent() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = server.client();
      JobSpec job = TestServer.job("finish");
      String id = client.submit(TestServer.submit(job)).getCompose().getComposeId();
      TestJobs.awaitEnd(server.composes().queue(), UUID.fromString(id));
      Compose again = client.submit(TestServer.submit(job)).getCompose();
      assertEquals(State.STATE_FINISHED, again.getState());
      assertEquals("root.tar.xz", again.getImageName());
      assertEquals(ByteString.fromHex("ab".repeat(32)), again.getImageSha256());
      JobSpec other = job.toBuilder().setSize(1).build();
      assertEquals(Status.Code.ALREADY_EXISTS, code(() -> client.submit(TestServer.submit(other))));
      assertEquals(1, client.list(ListRequest.getDefaultInstance()).getComposesCount());
    }
  }

  @Test
  void statesDecideWhatIsAllowed() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = server.client();
      String id =
          client.submit(TestServer.submit(TestServer.job("linger"))).getCompose().getComposeId();
      UUID uuid = UUID.fromString(id);
      TestJobs.awaitStage(server.composes().queue(), uuid, "lingering");
      assertEquals(Status.Code.FAILED_PRECONDITION, code(() -> client.delete(deletion(id))));
      client.cancel(cancellation(id));
      Compose cancelled = client.list(ListRequest.getDefaultInstance()).getComposes(0);
      assertEquals(State.STATE_FAILED, cancelled.getState());
      assertEquals("CANCELLED", cancelled.getFailure().getCode());
      assertEquals("cancelled", cancelled.getFailure().getMessage());
      assertEquals(Status.Code.FAILED_PRECONDITION, code(() -> client.cancel(cancellation(id))));
      client.delete(deletion(id));
      assertEquals(Status.Code.NOT_FOUND, code(() -> client.delete(deletion(id))));
      assertEquals(Status.Code.NOT_FOUND, code(() -> client.cancel(cancellation(id))));
    }
  }

  @Test
  void idsThatAreNotUuidsAreRefused() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = server.client();
      String id = UUID.randomUUID().toString();
      for (String bad :
          List.of(
              "",
              ".",
              "..",
              "../" + id,
              id + "/",
              id + "\n",
              id + "\0",
              " " + id,
              id.toUpperCase(java.util.Locale.ROOT).replace('0', 'A'),
              "{" + id + "}",
              "1-1-1-1-1",
              id.substring(1),
              id.replace('-', '\u2010'))) {
        assertEquals(Status.Code.INVALID_ARGUMENT, code(() -> client.delete(deletion(bad))), bad);
        assertEquals(
            Status.Code.INVALID_ARGUMENT, code(() -> client.cancel(cancellation(bad))), bad);
      }
    }
  }

  @Test
  void aWatcherSeesWhatIsThereThenEveryChange() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = server.client();
      String first = finished(server, client);
      Iterator<WatchEvent> events = client.watch(WatchRequest.getDefaultInstance());
      assertEquals(first, events.next().getComposes().getComposes(0).getComposeId());
      assertTrue(events.next().hasSnapshotEnd());
      assertTrue(events.next().hasNotices());
      String second = finished(server, client);
      WatchEvent event = events.next();
      assertEquals(second, event.getCompose().getComposeId());
      assertEquals(State.STATE_WAITING, event.getCompose().getState());
      int percent = 0;
      while (event.getCompose().getState() != State.STATE_FINISHED) {
        assertTrue(event.getCompose().getProgress().getPercent() >= percent);
        percent = event.getCompose().getProgress().getPercent();
        event = events.next();
      }
      assertEquals(55, percent);
      client.delete(deletion(first));
      assertEquals(first, events.next().getDeletedId());
    }
  }

  @Test
  void eachCallIsRecordedBeforeAndAfter() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = server.client();
      JobSpec job = TestServer.job("finish");
      client.submit(TestServer.submit(job));
      UUID id = UUID.fromString(job.getComposeId());
      TestJobs.awaitEnd(server.composes().queue(), id);
      code(() -> client.delete(deletion("no\u001b[31m\nuuid")));
      List<String> lines = server.auditLines();
      assertEquals(6, lines.size(), lines.toString());
      String begin = lines.get(2);
      assertTrue(begin.startsWith("{\"seq\":3,\"time\":\""), begin);
      assertTrue(begin.contains("\"phase\":\"begin\""), begin);
      assertTrue(begin.contains("\"method\":\"weldr.worker.v1.BuildWorker/Submit\""), begin);
      assertTrue(begin.contains("\"uid\":0,"), begin);
      assertTrue(begin.contains("\"pid\":" + ProcessHandle.current().pid() + ","), begin);
      assertTrue(begin.contains("\"compose_id\":\"" + id + "\""), begin);
      assertTrue(
          begin.contains("\"spec_sha256\":\"" + MethodPolicy.sha256(job.toByteArray()) + "\""));
      assertTrue(begin.contains("\"decision\":\"allowed\""), begin);
      assertTrue(lines.get(3).contains("\"outcome\":\"OK\""), lines.get(3));
      assertTrue(lines.get(3).contains("\"duration_ms\":"), lines.get(3));
      assertTrue(lines.get(4).contains("no\\u001B[31m\\nuuid"), lines.get(4));
      assertTrue(lines.get(5).contains("\"outcome\":\"INVALID_ARGUMENT\""), lines.get(5));
      assertFalse(lines.toString().contains("\u001b"));
    }
  }

  private static String finished(TestServer server, BuildWorkerGrpc.BuildWorkerBlockingStub client)
      throws Exception {
    SubmitRequest request = TestServer.submit(TestServer.job("finish"));
    String id = client.submit(request).getCompose().getComposeId();
    TestJobs.awaitEnd(server.composes().queue(), UUID.fromString(id));
    return id;
  }

  private static DeleteRequest deletion(String id) {
    return DeleteRequest.newBuilder().setComposeId(id).build();
  }

  private static CancelRequest cancellation(String id) {
    return CancelRequest.newBuilder().setComposeId(id).build();
  }

  private static void call(Channel channel, String method) {
    MethodDescriptor<ListRequest, ListRequest> descriptor =
        MethodDescriptor.<ListRequest, ListRequest>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method)
            .setRequestMarshaller(
                io.grpc.protobuf.ProtoUtils.marshaller(ListRequest.getDefaultInstance()))
            .setResponseMarshaller(
                io.grpc.protobuf.ProtoUtils.marshaller(ListRequest.getDefaultInstance()))
            .build();
    ClientCalls.blockingUnaryCall(
        channel, descriptor, CallOptions.DEFAULT, ListRequest.getDefaultInstance());
  }

  private static Status.Code code(Runnable call) {
    return assertThrows(StatusRuntimeException.class, call::run).getStatus().getCode();
  }
}
