package io.weldr.worker.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.weldr.proto.worker.v1.BuildWorkerGrpc;
import io.weldr.proto.worker.v1.HelloRequest;
import io.weldr.proto.worker.v1.ListRequest;
import io.weldr.worker.host.Identity;
import io.weldr.worker.host.Subprocess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

class PrivateSocketTest {
  private static final int NOBODY = Identity.uidOf("nobody").orElseThrow();

  /** Connects, says how many bytes it got, and exits 3 when it may not even connect. */
  private static final String PYTHON_PEER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX)
      if len(sys.argv) > 2:
          s.bind(sys.argv[2].encode())
      try:
          s.connect(sys.argv[1])
          s.sendall(b'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n')
      except PermissionError:
          sys.exit(3)
      except BrokenPipeError:
          pass
      try:
          print(len(s.recv(100)))
      except ConnectionResetError:
          print(0)
      """;

  @TempDir Path top;

  @Test
  void theSocketBelongsToTheApiUserAloneInAPassableDirectory() throws Exception {
    try (TestServer server = new TestServer(top, NOBODY)) {
      Path socket = server.socket();
      assertEquals("rw-------", mode(socket));
      assertEquals(NOBODY, Files.getAttribute(socket, "unix:uid"));
      assertEquals(0, Files.getAttribute(socket, "unix:gid"));
      assertEquals("rwx--x--x", mode(socket.getParent()));
      assertEquals(0, Files.getAttribute(socket.getParent(), "unix:uid"));
    }
    assertFalse(Files.exists(top.resolve("run/worker.socket"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void theApiUserIsServed() throws Exception {
    try (TestServer server = new TestServer(top, NOBODY)) {
      assertTrue(Integer.parseInt(peer(server, "nobody")) > 0);
    }
  }

  @Test
  void rootIsRefusedAndAudited() throws Exception {
    try (TestServer server = new TestServer(top, NOBODY)) {
      assertEquals("0", peer(server, "root"));
      String line = server.auditLines().getFirst();
      assertTrue(line.contains("\"event\":\"connection\""), line);
      assertTrue(line.contains("\"uid\":0,"), line);
      assertTrue(line.contains("\"decision\":\"denied\""), line);
    }
  }

  @Test
  void anotherUserIsRefusedEvenWhereTheFileWouldLetItIn() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      assertEquals(3, Subprocess.of(peerCommand(server, "nobody")).run().exitStatus());
      Files.setPosixFilePermissions(server.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
      assertEquals("0", peer(server, "nobody"));
      String line = server.auditLines().getFirst();
      assertTrue(line.contains("\"uid\":" + NOBODY + ","), line);
    }
  }

  @Test
  void aClientsOwnAddressSaysNothingAboutWhoItIs() throws Exception {
    try (TestServer server = new TestServer(top, NOBODY)) {
      Path named = top.resolve("x;uid=" + NOBODY + ";");
      assertEquals("0", peer(server, "root", named.toString()));
    }
  }

  @Test
  void metadataSaysNothingAboutWhoItIs() throws Exception {
    try (TestServer server = new TestServer(top, NOBODY)) {
      Metadata claim = new Metadata();
      claim.put(Metadata.Key.of("uid", Metadata.ASCII_STRING_MARSHALLER), "" + NOBODY);
      var client =
          BuildWorkerGrpc.newBlockingStub(server.channel())
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(claim));
      assertEquals(
          Status.Code.UNAVAILABLE,
          code(() -> client.hello(HelloRequest.newBuilder().setProtocolVersion(1).build())));
    }
  }

  @Test
  void aPeerThatHammersIsCountedNotRecordedEachTime() throws Exception {
    try (TestServer server = new TestServer(top, NOBODY)) {
      for (int i = 0; i < RefusedPeers.PER_WINDOW + 30; i++) {
        try (AFUNIXSocket socket = connect(server)) {
          assertEquals(-1, readQuietly(socket));
        }
      }
      assertEquals(RefusedPeers.PER_WINDOW, server.auditLines().size());
    }
  }

  @Test
  void garbageEndsOnlyItsOwnConnection() throws Exception {
    Random random = new Random(20261123);
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = server.client();
      for (int i = 0; i < 50; i++) {
        byte[] garbage = new byte[1 + random.nextInt(2000)];
        random.nextBytes(garbage);
        byte[] preface =
            i % 2 == 0
                ? new byte[0]
                : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (AFUNIXSocket socket = connect(server)) {
          writeQuietly(socket, preface);
          writeQuietly(socket, garbage);
          drain(socket);
        }
      }
      assertEquals(0, client.list(ListRequest.getDefaultInstance()).getComposesCount());
    }
  }

  @Test
  void aHundredConnectionsLeaveTheOthersServed() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var client = server.client();
      List<AFUNIXSocket> idle = new ArrayList<>();
      try {
        for (int i = 0; i < 100; i++) {
          idle.add(connect(server));
        }
        assertEquals(-1, readQuietly(idle.getLast()), "closed, for there are too many");
        assertTrue(server.server().connections() <= PeerServerSocket.MOST_CONNECTIONS);
        assertEquals(0, client.list(ListRequest.getDefaultInstance()).getComposesCount());
      } finally {
        for (AFUNIXSocket socket : idle) {
          socket.close();
        }
      }
      awaitConnections(server, 1);
      assertEquals(0, server.client().list(ListRequest.getDefaultInstance()).getComposesCount());
    }
  }

  @Test
  void theListenerOutlivesAWantOfDescriptors() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      server.client();
      Process first = waitingPeer(server);
      Process second = waitingPeer(server);
      List<InputStream> all = new ArrayList<>();
      try {
        exhaustDescriptors(all);
        // The kernel gave the waiting accept its descriptor long ago, so the first peer gets in.
        assertTrue(received(first) > 0);
        // The second is turned away with the help of the reserve: it reads the end.
        assertEquals(0, received(second));
      } finally {
        for (InputStream one : all) {
          one.close();
        }
        first.destroyForcibly();
        second.destroyForcibly();
      }
      assertEquals(0, server.client().list(ListRequest.getDefaultInstance()).getComposesCount());
    }
  }

  @Test
  void aLiveSocketIsNotTakenOverAndAStaleOneIs() throws Exception {
    try (TestServer server = new TestServer(top, TestServer.ROOT)) {
      var failure =
          assertThrows(IOException.class, () -> BoundSocket.bind(server.socket(), NOBODY));
      assertTrue(failure.getMessage().contains("in use by another build-worker"));
      server.client();
    }
    Path path = top.resolve("run/stale.socket");
    try (AFUNIXServerSocket left = AFUNIXServerSocket.newInstance()) {
      left.setDeleteOnClose(false);
      left.bind(AFUNIXSocketAddress.of(path));
    }
    assertTrue(Files.exists(path));
    try (AFUNIXServerSocket anew = BoundSocket.bind(path, NOBODY)) {
      assertEquals("rw-------", mode(path));
      assertTrue(anew.isBound());
    }
  }

  @Test
  void aPlaceOthersCanWriteIsRefused() throws Exception {
    Path open = Files.createDirectory(top.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThrows(IOException.class, () -> BoundSocket.bind(open.resolve("s"), NOBODY));
    Path file = Files.writeString(top.resolve("precious"), "data");
    Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwx--x--x"));
    assertThrows(IOException.class, () -> BoundSocket.bind(file, NOBODY));
    assertEquals("data", Files.readString(file));
  }

  private static void exhaustDescriptors(List<InputStream> all) {
    try {
      while (true) {
        all.add(Files.newInputStream(Path.of("/dev/null")));
      }
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("Too many open files"), e.getMessage());
    }
  }

  /** A peer that connects when it reads a line, prints how much it could read, and stays. */
  private static Process waitingPeer(TestServer server) throws IOException {
    String program =
        """
        import socket, sys
        s = socket.socket(socket.AF_UNIX)
        sys.stdin.readline()
        s.connect(sys.argv[1])
        print(len(s.recv(100)), flush=True)
        sys.stdin.readline()
        """;
    return new ProcessBuilder("/usr/bin/python3", "-c", program, server.socket().toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static int received(Process peer) throws IOException {
    peer.getOutputStream().write('\n');
    peer.getOutputStream().flush();
    byte[] line = new byte[10];
    int length = peer.getInputStream().read(line);
    return Integer.parseInt(new String(line, 0, length, StandardCharsets.US_ASCII).strip());
  }

  private static String peer(TestServer server, String user, String... own) throws Exception {
    List<String> command = new ArrayList<>(peerCommand(server, user));
    command.addAll(List.of(own));
    return Subprocess.of(command).timeout(Duration.ofSeconds(30)).check().lastLines().getLast();
  }

  private static List<String> peerCommand(TestServer server, String user) {
    return List.of(
        "/usr/bin/setpriv",
        "--reuid",
        user,
        "--clear-groups",
        "--",
        "/usr/bin/python3",
        "-c",
        PYTHON_PEER,
        server.socket().toString());
  }

  private static AFUNIXSocket connect(TestServer server) throws IOException {
    return AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(server.socket()));
  }

  private static void writeQuietly(AFUNIXSocket socket, byte[] bytes) {
    try {
      OutputStream to = socket.getOutputStream();
      to.write(bytes);
      to.flush();
    } catch (IOException e) {
      // Closed by the server already, which is its right.
      return;
    }
  }

  private static int readQuietly(AFUNIXSocket socket) {
    try {
      return socket.getInputStream().read();
    } catch (IOException e) {
      return -1;
    }
  }

  private static void drain(AFUNIXSocket socket) {
    try {
      socket.shutdownOutput();
      socket.setSoTimeout(5000);
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // Reset or still open: either way the server must go on.
      return;
    }
  }

  private static void awaitConnections(TestServer server, int count) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (server.server().connections() > count) {
      assertTrue(System.nanoTime() < deadline, "connections are not given back");
      Thread.sleep(20);
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static Status.Code code(Runnable call) {
    return assertThrows(StatusRuntimeException.class, call::run).getStatus().getCode();
  }
}
