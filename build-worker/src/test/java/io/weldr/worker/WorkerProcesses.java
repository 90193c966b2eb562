package io.weldr.worker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.weldr.proto.worker.v1.BlueprintDocument;
import io.weldr.proto.worker.v1.BuildWorkerGrpc;
import io.weldr.proto.worker.v1.BuildWorkerGrpc.BuildWorkerBlockingStub;
import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.HelloRequest;
import io.weldr.proto.worker.v1.HostSource;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.proto.worker.v1.ListRequest;
import io.weldr.proto.worker.v1.Package;
import io.weldr.proto.worker.v1.Source;
import io.weldr.proto.worker.v1.SubmitRequest;
import io.weldr.proto.worker.v1.TestMode;
import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.Identity;
import io.weldr.worker.rpc.AsUserSocketFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What tests have in common that run the worker as a process of its own, with the real job process
 * in test mode.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class WorkerProcesses {
  static final int NOBODY = Identity.uidOf("nobody").orElseThrow();
  static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path top;
  final List<Process> workers = new ArrayList<>();
  final List<ManagedChannel> channels = new ArrayList<>();

  @BeforeEach
  void openTheWay() throws IOException {
    Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwx--x--x"));
  }

  @AfterEach
  void endProcesses() throws Exception {
    channels.forEach(ManagedChannel::shutdownNow);
    for (Process worker : workers) {
      worker.destroyForcibly().waitFor();
    }
    for (Path cgroup : jobCgroups()) {
      assertTrue(new Cgroup(cgroup).killAndRemove(Duration.ofSeconds(20)));
    }
  }

  Process start(String... settings) throws IOException {
    return start(Map.of(), List.of(settings));
  }

  Process start(Map<String, String> environment, List<String> settings) throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "lib_dir = \"" + top.resolve("lib") + "\"",
                "cache_dir = \"" + top.resolve("cache") + "\"",
                "share_dir = \"" + Path.of("../share").toRealPath() + "\"",
                "socket = \"" + socket() + "\"",
                "audit_log = \"" + top.resolve("log/audit.log") + "\"",
                "api_user = \"nobody\"",
                "group = \"nogroup\""));
    for (String setting : settings) {
      lines.removeIf(line -> line.startsWith(setting.substring(0, setting.indexOf(' ') + 1)));
      lines.add(setting);
    }
    Files.write(config(), lines);
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "--config",
            config().toString());
    builder.environment().putAll(environment);
    builder.redirectError(top.resolve("worker.err").toFile());
    builder.redirectOutput(top.resolve("worker.out").toFile());
    Process worker = builder.start();
    workers.add(worker);
    return worker;
  }

  /** Connects as the API user, as soon as the worker answers, and says Hello. */
  BuildWorkerBlockingStub client() throws Exception {
    ManagedChannel channel =
        OkHttpChannelBuilder.forAddress("localhost", 1, InsecureChannelCredentials.create())
            .socketFactory(new AsUserSocketFactory(NOBODY, socket()))
            .build();
    channels.add(channel);
    var client = BuildWorkerGrpc.newBlockingStub(channel);
    long deadline = System.nanoTime() + LONG.toNanos();
    while (true) {
      try {
        client.hello(HelloRequest.newBuilder().setProtocolVersion(1).build());
        return client;
      } catch (StatusRuntimeException e) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(Files.readString(top.resolve("worker.err")), e);
        }
        channel.resetConnectBackoff();
        Thread.sleep(50);
      }
    }
  }

  static List<Compose> await(BuildWorkerBlockingStub client, Predicate<List<Compose>> wanted)
      throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (true) {
      List<Compose> list = client.list(ListRequest.getDefaultInstance()).getComposesList();
      if (wanted.test(list)) {
        return list;
      }
      assertTrue(System.nanoTime() < deadline, list.toString());
      Thread.sleep(50);
    }
  }

  static SubmitRequest request(JobSpec job) {
    return SubmitRequest.newBuilder().setJob(job).build();
  }

  static JobSpec job(TestMode mode) {
    return JobSpec.newBuilder()
        .setComposeId(UUID.randomUUID().toString())
        .setOutputType("tar")
        .setBlueprint(
            BlueprintDocument.newBuilder()
                .setName("example")
                .setVersion("0.0.1")
                .setCommit("a".repeat(40))
                .setToml("name = \"example\"\n")
                .setFrozenToml("name = \"example\"\n"))
        .addPackages(
            Package.newBuilder()
                .setName("base-files")
                .setVersion("12.4+deb12u11")
                .setArchitecture("amd64")
                .setSourceId("debian")
                .setSha256(ByteString.copyFrom(new byte[32]))
                .setSize(1000))
        .addSources(Source.newBuilder().setId("debian").setHost(HostSource.getDefaultInstance()))
        .setTestMode(mode)
        .build();
  }

  /** Cgroups of jobs of this test's state directory. */
  List<Path> jobCgroups() throws IOException {
    List<Path> found = new ArrayList<>();
    Path jobs = top.resolve("lib/jobs");
    if (!Files.exists(jobs)) {
      return found;
    }
    try (var children = Files.newDirectoryStream(Cgroup.own().path(), "weldr-job-*")) {
      for (Path child : children) {
        String id =
            child.getFileName().toString().substring("weldr-job-".length()).substring(0, 36);
        if (Files.exists(jobs.resolve(id))) {
          found.add(child);
        }
      }
    }
    return found;
  }

  List<Path> awaitNoJobCgroups() throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!jobCgroups().isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
    return jobCgroups();
  }

  int uuids(String directory) throws IOException {
    try (var entries = Files.list(top.resolve(directory))) {
      return (int) entries.filter(entry -> entry.getFileName().toString().length() == 36).count();
    }
  }

  Path socket() {
    return top.resolve("run/worker.socket");
  }

  Path config() {
    return top.resolve("worker.toml");
  }
}
