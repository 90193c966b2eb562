package io.weldr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.weldr.proto.worker.v1.BlueprintDocument;
import io.weldr.proto.worker.v1.BuildWorkerGrpc;
import io.weldr.proto.worker.v1.BuildWorkerGrpc.BuildWorkerBlockingStub;
import io.weldr.proto.worker.v1.CancelRequest;
import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.HelloRequest;
import io.weldr.proto.worker.v1.HostSource;
import io.weldr.proto.worker.v1.JobSpec;
import io.weldr.proto.worker.v1.ListRequest;
import io.weldr.proto.worker.v1.Package;
import io.weldr.proto.worker.v1.Source;
import io.weldr.proto.worker.v1.State;
import io.weldr.proto.worker.v1.SubmitRequest;
import io.weldr.proto.worker.v1.TestMode;
import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.Identity;
import io.weldr.worker.rpc.AsUserSocketFactory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** The worker as a process of its own, with the real job process in test mode. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WorkerProcessTest {
  private static final int NOBODY = Identity.uidOf("nobody").orElseThrow();
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path top;
  private final List<Process> workers = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

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

  @Test
  void nothingAcceptedIsLostOrReorderedByKillingTheWorker() throws Exception {
    Random random = new Random(4);
    List<String> accepted = new ArrayList<>();
    for (int life = 0; life < 6; life++) {
      Process worker = start("test_compose_seconds = 0", "slots = 2");
      BuildWorkerBlockingStub client = client();
      for (int i = 0; i < 4; i++) {
        JobSpec job = job(TestMode.TEST_MODE_FINISH);
        accepted.add(client.submit(request(job)).getCompose().getComposeId());
      }
      Thread.sleep(random.nextInt(2500));
      worker.destroyForcibly().waitFor();
    }
    start("test_compose_seconds = 0", "slots = 2");
    BuildWorkerBlockingStub client = client();
    List<Compose> composes =
        await(client, list -> list.stream().allMatch(c -> c.getState() == State.STATE_FINISHED));
    assertEquals(accepted, composes.stream().map(Compose::getComposeId).toList());
    List<Long> started = composes.stream().map(Compose::getStartedMs).toList();
    assertEquals(started.stream().sorted().toList(), started);
    for (String id : accepted) {
      assertEquals(
          "TEST IMAGE", Files.readString(top.resolve("lib/results/" + id + "/root.tar.xz")));
    }
    assertEquals(List.of(), awaitNoJobCgroups());
  }

  @Test
  void aSubmissionCutAnywhereIsThereWholeOrNotAtAll() throws Exception {
    Random random = new Random(5);
    for (int life = 0; life < 6; life++) {
      Process worker = start("test_compose_seconds = 60", "slots = 1");
      BuildWorkerBlockingStub client = client();
      Thread killer =
          Thread.startVirtualThread(
              () -> {
                try {
                  Thread.sleep(500 + random.nextInt(3000));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                worker.destroyForcibly();
              });
      try {
        while (true) {
          client.submit(request(job(TestMode.TEST_MODE_FINISH)));
        }
      } catch (StatusRuntimeException e) {
        killer.join();
        worker.waitFor();
      }
    }
    start("test_compose_seconds = 60", "slots = 1");
    List<Compose> composes = client().list(ListRequest.getDefaultInstance()).getComposesList();
    assertFalse(composes.isEmpty());
    for (Compose compose : composes) {
      assertTrue(
          compose.getState() == State.STATE_WAITING || compose.getState() == State.STATE_RUNNING,
          compose.toString());
    }
    assertEquals(composes.size(), uuids("lib/results"));
    assertEquals(composes.size(), uuids("lib/jobs"));
  }

  @Test
  void aStoppedWorkerLeavesItsJobToTheNextOne() throws Exception {
    Process worker = start("test_compose_seconds = 5", "slots = 1");
    String id = client().submit(request(job(TestMode.TEST_MODE_FAIL))).getCompose().getComposeId();
    await(client(), list -> list.getFirst().getState() == State.STATE_RUNNING);
    worker.destroy();
    worker.waitFor();
    assertFalse(Files.exists(socket(), LinkOption.NOFOLLOW_LINKS), "removed by a clean stop");
    assertTrue(Files.readString(top.resolve("worker.err")).contains("INFO: stopped"), "to the end");
    start("test_compose_seconds = 5", "slots = 1");
    Compose ended =
        await(client(), list -> list.getFirst().getState() == State.STATE_FAILED).getFirst();
    assertEquals(id, ended.getComposeId());
    assertEquals("TEST_FAILED", ended.getFailure().getCode());
  }

  @Test
  void cancellingARealJobLeavesNoProcess() throws Exception {
    start("test_compose_seconds = 100", "slots = 1");
    BuildWorkerBlockingStub client = client();
    String id = client.submit(request(job(TestMode.TEST_MODE_FINISH))).getCompose().getComposeId();
    await(client, list -> list.getFirst().getState() == State.STATE_RUNNING);
    client.cancel(CancelRequest.newBuilder().setComposeId(id).build());
    assertEquals(
        State.STATE_FAILED,
        client.list(ListRequest.getDefaultInstance()).getComposes(0).getState());
    assertEquals(List.of(), awaitNoJobCgroups());
  }

  @Test
  void aJobWhoseKickstartCannotBeRenderedIsRefused() throws Exception {
    start("slots = 1");
    JobSpec unknown = job(TestMode.TEST_MODE_FINISH).toBuilder().setOutputType("no-such").build();
    try {
      client().submit(request(unknown));
      throw new AssertionError("accepted");
    } catch (StatusRuntimeException e) {
      assertTrue(e.getMessage().contains("output type \"no-such\" is not installed"));
    }
    assertEquals(0, uuids("lib/results"));
  }

  @Test
  void theAuditLogIsForRootAloneAndTheDirectoriesAreAsDocumented() throws Exception {
    start("slots = 1");
    client();
    assertEquals("rw-------", mode(top.resolve("log/audit.log")));
    assertEquals("rwxr-x---", mode(top.resolve("lib/results")));
    assertEquals("rwx------", mode(top.resolve("lib/jobs")));
    assertEquals("rwxr-x--x", mode(top.resolve("lib")));
    List<String> lines = Files.readAllLines(top.resolve("log/audit.log"));
    assertTrue(lines.getFirst().contains("\"uid\":" + NOBODY + ","), lines.toString());
  }

  @Test
  void theLanguageOfTheSystemChangesNoNumber() throws Exception {
    start(
        Map.of("JAVA_TOOL_OPTIONS", "-Duser.language=ar -Duser.country=EG"),
        List.of("test_compose_seconds = 0"));
    BuildWorkerBlockingStub client = client();
    String id = client.submit(request(job(TestMode.TEST_MODE_FINISH))).getCompose().getComposeId();
    await(client, list -> list.getFirst().getState() == State.STATE_FINISHED);
    String log = Files.readString(top.resolve("lib/results/" + id + "/logs/combined.log"));
    assertTrue(log.matches("(?s).*: done in [0-9]+\\.[0-9]{3} s\n.*"), log);
  }

  @Test
  void theServiceManagerHearsWhenItIsReady() throws Exception {
    AFUNIXSocketAddress address = AFUNIXSocketAddress.of(top.resolve("notify"));
    try (AFUNIXDatagramSocket manager = AFUNIXDatagramSocket.newInstance()) {
      manager.bind(address);
      manager.setSoTimeout((int) LONG.toMillis());
      start(Map.of("NOTIFY_SOCKET", top.resolve("notify").toString()), List.of());
      var packet = new java.net.DatagramPacket(new byte[100], 100);
      manager.receive(packet);
      assertEquals(
          "READY=1",
          new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII));
      try (SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        assertTrue(peer.connect(UnixDomainSocketAddress.of(socket())));
      }
    }
  }

  @Test
  void whatIsWrongAtTheStartIsSaidInOneLine() throws Exception {
    assertEquals(
        "build-worker: " + config() + ": unknown key \"slot\", did you mean \"slots\"?",
        failure("slot = 2"));
    assertTrue(
        failure("api_user = \"no-such-user\"").contains("there is no user \"no-such-user\""));
    assertTrue(failure("api_user = \"root\"").contains("api_user must not be root"));
    assertTrue(failure("java = \"/nonexistent/java\"").contains("missing on this host"));
    assertTrue(failure("share_dir = \"/nonexistent\"").contains("correct share_dir"));
    Path open = Files.createDirectory(top.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertTrue(
        failure("lib_dir = \"" + open + "/lib\"").contains("can be written by others than root"));
    Path link = Files.createSymbolicLink(top.resolve("audit-link"), top.resolve("elsewhere"));
    assertTrue(failure("audit_log = \"" + link + "\"").startsWith("build-worker: "));
    assertFalse(Files.exists(top.resolve("elsewhere")));
  }

  @Test
  void twoWorkersDoNotShareAState() throws Exception {
    start("slots = 1");
    client();
    assertTrue(failure("slots = 1").contains("in use by another build-worker"));
    client();
  }

  private String failure(String setting) throws Exception {
    Process worker = start(Map.of(), List.of(setting));
    assertTrue(worker.waitFor(LONG.toSeconds(), TimeUnit.SECONDS));
    assertEquals(1, worker.exitValue());
    return Files.readString(top.resolve("worker.err")).strip();
  }

  private Process start(String... settings) throws IOException {
    return start(Map.of(), List.of(settings));
  }

  private Process start(Map<String, String> environment, List<String> settings) throws IOException {
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
  private BuildWorkerBlockingStub client() throws Exception {
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

  private static List<Compose> await(
      BuildWorkerBlockingStub client, Predicate<List<Compose>> wanted) throws Exception {
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

  private static SubmitRequest request(JobSpec job) {
    return SubmitRequest.newBuilder().setJob(job).build();
  }

  private static JobSpec job(TestMode mode) {
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
  private List<Path> jobCgroups() throws IOException {
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

  private List<Path> awaitNoJobCgroups() throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!jobCgroups().isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
    return jobCgroups();
  }

  private int uuids(String directory) throws IOException {
    try (var entries = Files.list(top.resolve(directory))) {
      return (int) entries.filter(entry -> entry.getFileName().toString().length() == 36).count();
    }
  }

  private Path socket() {
    return top.resolve("run/worker.socket");
  }

  private Path config() {
    return top.resolve("worker.toml");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
