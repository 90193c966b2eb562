package io.weldr.api.depsolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.weldr.api.source.Source;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real archive behind a server on loopback that answers only when it is told to. */
@Timeout(300)
class SlowServerTest {
  private static final Path SCRIPT = Path.of("../share/depsolve/apt.py").toAbsolutePath();

  @TempDir private Path directory;
  @TempDir private Path cache;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch awake = new CountDownLatch(1);
  private volatile boolean slow;
  private TinyArchive archive;
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    archive = new TinyArchive(directory);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(command -> Thread.ofVirtual().start(command));
    var files = SimpleFileServer.createFileHandler(directory.toAbsolutePath());
    server.createContext(
        "/",
        exchange -> {
          if (slow) {
            asked.countDown();
            try {
              awake.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          files.handle(exchange);
        });
    server.start();
  }

  @AfterEach
  void stop() {
    awake.countDown();
    server.stop(0);
    archive.close();
  }

  @Test
  void nobodyElseWaitsWhileMetadataForAComposeIsFetched() throws Exception {
    try (AdapterDepsolver first = depsolver()) {
      first.solve(request("tool", false));
    }
    makeOld();
    slow = true;
    try (AdapterDepsolver depsolver = depsolver()) {
      FutureTask<List<SolvedPackage>> compose =
          new FutureTask<>(() -> depsolver.solve(request("tool", true)));
      Thread.ofVirtual().start(compose);
      assertTrue(asked.await(60, TimeUnit.SECONDS), "nobody asked the server");

      List<SolvedPackage> others = depsolver.solve(request("libtiny", false));

      assertEquals("libtiny", others.getFirst().version().name());
      assertTrue(!compose.isDone(), "it was not answered while the compose waited");
      slow = false;
      awake.countDown();
      assertEquals("libtiny", compose.get().getFirst().version().name());
    }
  }

  private AdapterDepsolver depsolver() {
    return new AdapterDepsolver(Adapter.of(SCRIPT, cache), Duration.ofHours(6));
  }

  private SolveRequest request(String name, boolean fresh) {
    Source tiny = archive.source();
    Source behind =
        new Source(
            tiny.id(),
            tiny.name(),
            tiny.type(),
            false,
            "http://127.0.0.1:" + server.getAddress().getPort() + "/tiny",
            tiny.suites(),
            tiny.components(),
            true,
            true,
            tiny.proxy(),
            tiny.keys());
    return new SolveRequest(
        List.of(behind),
        List.of(PackageRequest.any(name)),
        List.of(),
        false,
        List.of(),
        List.of(),
        fresh);
  }

  /** Older than a compose wants it, and not as old as others do. */
  private void makeOld() throws Exception {
    try (Stream<Path> files = Files.walk(cache)) {
      for (Path stamp : files.filter(file -> file.endsWith("stamp")).toList()) {
        Files.setLastModifiedTime(stamp, FileTime.from(Instant.now().minusSeconds(3600)));
      }
    }
  }
}
