package io.weldr.worker.rpc;

import com.google.protobuf.ByteString;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.weldr.proto.worker.v1.BlueprintDocument;
import io.weldr.proto.worker.v1.BuildWorkerGrpc;
import io.weldr.proto.worker.v1.HelloRequest;
import io.weldr.proto.worker.v1.HostSource;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.proto.worker.v1.Package;
import io.weldr.proto.worker.v1.Source;
import io.weldr.proto.worker.v1.SubmitRequest;
import io.weldr.proto.worker.v1.TestMode;
import io.weldr.worker.audit.AuditLog;
import io.weldr.worker.job.Composes;
import io.weldr.worker.job.TestJobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.newsclub.net.unix.AFUNIXSocketFactory;

/** The whole worker but its main method, over a directory of a test, with the API user given. */
final class TestServer implements AutoCloseable {
  /** The tests run as root, so a server for root answers them. */
  static final int ROOT = 0;

  private final Path top;
  private final Composes composes;
  private final AuditLog audit;
  private final RpcServer server;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final ByteArrayOutputStream journal = new ByteArrayOutputStream();

  TestServer(Path top, int apiUid) throws IOException, InterruptedException {
    this(top, apiUid, false);
  }

  /**
   * @param anaconda whether it says that Anaconda installs
   */
  TestServer(Path top, int apiUid, boolean anaconda) throws IOException, InterruptedException {
    this.top = top;
    Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwx--x--x"));
    composes = TestJobs.open(top.resolve("lib"), 2);
    audit =
        AuditLog.open(
            top.resolve("audit.log"),
            new AuditLog.Rotation(1 << 30, 2),
            new PrintStream(journal, true, StandardCharsets.UTF_8),
            Clock.systemUTC());
    server = RpcServer.start(socket(), apiUid, composes::queue, 2, "test", anaconda, audit);
  }

  Path socket() {
    return top.resolve("run").resolve("worker.socket");
  }

  Composes composes() {
    return composes;
  }

  RpcServer server() {
    return server;
  }

  List<String> auditLines() throws IOException {
    return Files.readAllLines(top.resolve("audit.log"));
  }

  /** A connection of its own. */
  ManagedChannel channel() {
    ManagedChannel channel =
        OkHttpChannelBuilder.forAddress("localhost", 1, InsecureChannelCredentials.create())
            .socketFactory(new AFUNIXSocketFactory.FactoryArg(socket().toFile()))
            .maxInboundMessageSize(64 << 20)
            .build();
    channels.add(channel);
    return channel;
  }

  /** A client on a connection of its own that has said Hello. */
  BuildWorkerGrpc.BuildWorkerBlockingStub client() {
    var client = BuildWorkerGrpc.newBlockingStub(channel());
    client.hello(HelloRequest.newBuilder().setProtocolVersion(1).build());
    return client;
  }

  static SubmitRequest submit(JobSpec job) {
    return SubmitRequest.newBuilder().setJob(job).build();
  }

  /** A right job; the fake job process does what the blueprint's name says. */
  static JobSpec job(String behaviour) {
    return JobSpec.newBuilder()
        .setComposeId(UUID.randomUUID().toString())
        .setOutputType("tar")
        .setBlueprint(
            BlueprintDocument.newBuilder()
                .setName(behaviour)
                .setVersion("0.0.1")
                .setCommit("a".repeat(40))
                .setToml("name = \"x\"\n")
                .setFrozenToml("name = \"x\"\n"))
        .addPackages(
            Package.newBuilder()
                .setName("base-files")
                .setVersion("12.4+deb12u11")
                .setArchitecture("amd64")
                .setSourceId("debian")
                .setSha256(ByteString.copyFrom(new byte[32]))
                .setSize(1000))
        .addSources(Source.newBuilder().setId("debian").setHost(HostSource.getDefaultInstance()))
        .setTestMode(TestMode.TEST_MODE_FINISH)
        .build();
  }

  @Override
  public void close() throws Exception {
    channels.forEach(ManagedChannel::shutdownNow);
    server.close();
    composes.close();
    audit.close();
  }
}
