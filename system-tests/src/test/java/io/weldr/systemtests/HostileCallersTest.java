package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Callers that must not get in, and callers that must not get in the way of others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileCallersTest {
  /**
   * Connects to argv[1], sends argv[2] as bytes in hexadecimal, prints what comes back until the
   * end.
   */
  private static final String RAW_CLIENT =
      """
      import socket, sys
      client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
      client.settimeout(20)
      try:
          client.connect(sys.argv[1])
          client.sendall(bytes.fromhex(sys.argv[2]))
          got = b""
          while (block := client.recv(4096)):
              got += block
          print("closed after", len(got))
      except PermissionError:
          print("no permission")
      except (BrokenPipeError, ConnectionResetError):
          print("closed after 0")
      except TimeoutError:
          print("left open")
      """;

  private static final String HTTP2_PREFACE =
      "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a000000040000000000";

  private RunningComposer composer;

  @BeforeAll
  void start() {
    composer = RunningComposer.start();
  }

  @AfterAll
  void stop() {
    composer.close();
  }

  @AfterEach
  void bothDaemonsStillServe() {
    assertEquals(200, composer.curl().get("/api/status").status());
    assertEquals(200, composer.curl().get("/api/v1/compose/queue").status());
    assertTrue(composer.worker().isAlive());
    assertTrue(composer.api().isAlive());
  }

  @Test
  void anotherUserCannotOpenTheWorkersSocket() {
    assertEquals("no permission", callWorker("nobody", HTTP2_PREFACE));
  }

  @Test
  void rootIsRefusedByTheWorkerAndRecorded() throws IOException {
    assertEquals("closed after 0", callWorker("root", HTTP2_PREFACE));
    composer.await(
        "the refusal is in the audit log",
        Duration.ofSeconds(10),
        () -> audit().contains("\"uid\":0") && audit().contains("\"decision\":\"denied\""));
    assertEquals("600 0 0", Command.must("stat", "-c", "%a %u %g", composer.auditLog()).strip());
  }

  @Test
  void garbageFromTheApiUserEndsThatConnectionOnly() {
    assertFalse(callWorker("weldr", "00".repeat(5000)).equals("left open"));
    assertFalse(callWorker("weldr", HTTP2_PREFACE + "ff".repeat(5000)).equals("left open"));
  }

  @Test
  void theSocketsAreAsTheyMustBe() {
    assertEquals(
        "660 root weldr", Command.must("stat", "-c", "%a %U %G", composer.apiSocket()).strip());
    assertEquals(
        "750 root weldr",
        Command.must("stat", "-c", "%a %U %G", composer.apiSocket().getParent()).strip());
    assertEquals(
        "600 weldr root", Command.must("stat", "-c", "%a %U %G", composer.workerSocket()).strip());
    assertEquals(
        "711 root root",
        Command.must("stat", "-c", "%a %U %G", composer.workerSocket().getParent()).strip());
  }

  @Test
  void everyThreadOfTheApiServerIsUnprivileged() throws IOException {
    String uid = Command.must("id", "-u", "weldr").strip();
    String gid = Command.must("id", "-g", "weldr").strip();
    Path threads = javaProcess(composer.api()).resolve("task");
    try (var list = Files.list(threads)) {
      for (Path thread : list.toList()) {
        String status = Files.readString(thread.resolve("status")).replace('\t', ' ');
        assertTrue(status.contains("\nUid: %s %s %s %s\n".formatted(uid, uid, uid, uid)), status);
        assertTrue(status.contains("\nGid: %s %s %s %s\n".formatted(gid, gid, gid, gid)), status);
        assertTrue(status.contains("\nCapEff: 0000000000000000\n"), status);
        assertTrue(status.contains("\nCapPrm: 0000000000000000\n"), status);
        assertTrue(status.contains("\nNoNewPrivs: 1\n"), status);
      }
    }
  }

  @Test
  void aClientThatStopsInTheMiddleOfARequestHoldsNobodyUp() throws IOException {
    List<SocketChannel> halves = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      halves.add(connect("POST /api/v1/blueprints/new HTTP/1.1\r\nHost: x\r\nContent-Le"));
      halves.add(
          connect(
              "POST /api/v1/blueprints/new HTTP/1.1\r\nHost: x\r\nContent-Type: text/x-toml\r\n"
                  + "Content-Length: 500\r\n\r\nname = "));
    }
    bothDaemonsStillServe();
    for (SocketChannel half : halves) {
      half.close();
    }
  }

  @Test
  void aBodyOfTenMegabytesIsRefused() throws IOException {
    Path body = composer.top().resolve("big");
    Files.writeString(body, "#".repeat(10 << 20));
    Curl.Answer answer = composer.curl().postToml("/api/v1/blueprints/new", "@" + body);
    assertTrue(answer.status() == 413 || answer.status() == 400, answer.toString());
  }

  @Test
  void aThousandIdleConnectionsLeaveRoomForOthers() throws IOException {
    List<SocketChannel> idle = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      idle.add(connect(""));
    }
    bothDaemonsStillServe();
    for (SocketChannel channel : idle) {
      channel.close();
    }
  }

  private SocketChannel connect(String sent) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(composer.apiSocket()));
    channel.write(ByteBuffer.wrap(sent.getBytes(StandardCharsets.UTF_8)));
    return channel;
  }

  private String callWorker(String user, String hex) {
    return Command.must(
            "setpriv",
            "--reuid=" + user,
            "--regid=" + Command.must("id", "-g", user).strip(),
            "--clear-groups",
            "/usr/bin/python3",
            "-c",
            RAW_CLIENT,
            composer.workerSocket(),
            hex)
        .strip();
  }

  private String audit() {
    return Command.must("cat", composer.auditLog());
  }

  /** The launcher has become the Java process by exec, so its pid is the daemon's. */
  private static Path javaProcess(Process process) {
    return Path.of("/proc", Long.toString(process.pid()));
  }
}
