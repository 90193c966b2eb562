package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weldr.api.worker.FakeWorker;
import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.State;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The installed program with its own memory limit sends 4 GiB while 64 others are served. */
@Tag("slow")
@Timeout(300)
class LargeDownloadTest {
  private static final String ID = "0a1b2c3d-0000-4000-8000-000000000001";
  private static final long SIZE = 4L << 30;
  private static final int OTHERS = 64;

  /** What 64 connections and a download may take; a hundredth of the file. */
  private static final long MOST_GROWTH_KIB = 40 << 10;

  @TempDir static Path installed;
  @TempDir Path directory;
  private Path socket;

  @Test
  void memoryStaysFlatAndOthersAreServed() throws Exception {
    assumeTrue(Libc.effectiveUid() == 0, "only root can start the program by hand");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    socket = directory.resolve("run/api.socket");
    Path workerSocket = directory.resolve("worker.socket");
    try (FakeWorker worker = new FakeWorker(workerSocket)) {
      Files.setPosixFilePermissions(workerSocket, PosixFilePermissions.fromString("rwxrwxrwx"));
      worker.put(
          Compose.newBuilder()
              .setComposeId(ID)
              .setOutputType("tar")
              .setState(State.STATE_FINISHED)
              .setCreatedMs(1)
              .setImageName("root.tar.xz")
              .setImageSize(SIZE)
              .build());
      try (StartedProgram server = StartedProgram.start(command(), Map.of())) {
        server.awaitLine("Starting weldr-composer-");
        image();
        awaitCompose();
        download(server.pid());
      }
    }
  }

  private List<String> command() throws IOException {
    Path configuration = InstalledProgram.configuration(directory);
    return InstalledProgram.in(installed)
        .command(
            List.of(
                "--config=" + configuration,
                "--socket=" + socket,
                "--user=nobody",
                "--group=nogroup",
                "--no-system-repos",
                "--log=" + directory.resolve("log/composer.log"),
                directory.resolve("lib/blueprints").toString()));
  }

  private void image() throws IOException {
    Path result = Files.createDirectories(directory.resolve("lib/results").resolve(ID));
    try (RandomAccessFile sparse =
        new RandomAccessFile(result.resolve("root.tar.xz").toFile(), "rw")) {
      sparse.setLength(SIZE);
    }
  }

  /** The worker tells of its composes a moment after the server has started. */
  private void awaitCompose() throws Exception {
    String target = "/api/v1/compose/status/" + ID;
    while (!StartedProgram.get(socket, target).contains("FINISHED")) {
      Thread.sleep(20);
    }
  }

  private void download(long pid) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger served = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < OTHERS; i++) {
      others.add(Thread.ofVirtual().start(() -> ask(done, served, refused)));
    }
    long grown;
    int servedBefore;
    try {
      while (served.get() < 2 * OTHERS) {
        Thread.sleep(10);
      }
      assertEquals(1000, read("/api/v1/compose/image/" + ID, "Range: bytes=0-999\r\n"));
      long before = peakKib(pid);
      servedBefore = served.get();
      assertEquals(SIZE, read("/api/v1/compose/image/" + ID, ""));
      assertTrue(read("/api/v1/compose/results/" + ID, "") > SIZE);
      grown = peakKib(pid) - before;
    } finally {
      done.set(true);
      for (Thread other : others) {
        other.join();
      }
    }
    assertTrue(grown < MOST_GROWTH_KIB, "grew by " + grown + " KiB to " + peakKib(pid));
    assertTrue(served.get() > servedBefore + OTHERS, "others were served meanwhile");
    assertEquals(0, refused.get());
  }

  private void ask(AtomicBoolean done, AtomicInteger served, AtomicInteger refused) {
    while (!done.get()) {
      try {
        if (StartedProgram.statusLine(socket).contains(" 200 ")) {
          served.incrementAndGet();
        } else {
          refused.incrementAndGet();
        }
        Thread.sleep(20);
      } catch (IOException | InterruptedException e) {
        refused.incrementAndGet();
      }
    }
  }

  /** Bytes of a reply's body, chunks with their frames, until the server closes. */
  private long read(String target, String header) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(
          StandardCharsets.US_ASCII.encode(
              "GET %s HTTP/1.1\r\nHost: x\r\n%sConnection: close\r\n\r\n"
                  .formatted(target, header)));
      ByteBuffer block = ByteBuffer.allocateDirect(1 << 18);
      channel.read(block);
      String start = StandardCharsets.ISO_8859_1.decode(block.flip()).toString();
      assertTrue(start.startsWith("HTTP/1.1 20"), start);
      long bytes = start.length() - start.indexOf("\r\n\r\n") - 4L;
      for (int read = channel.read(block.clear()); read >= 0; read = channel.read(block.clear())) {
        bytes += read;
      }
      return bytes;
    }
  }

  private static long peakKib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
