package io.weldr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.proto.worker.v1.BuildWorkerGrpc.BuildWorkerBlockingStub;
import io.weldr.proto.worker.v1.State;
import io.weldr.proto.worker.v1.TestMode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** How a worker starts, or does not, and what of the host it uses. */
class WorkerStartTest extends WorkerProcesses {
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

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
