package io.weldr.api.http;

import io.weldr.api.depsolve.Adapter;
import io.weldr.api.depsolve.AdapterDepsolver;
import io.weldr.api.depsolve.PackageCatalog;
import io.weldr.api.depsolve.TinyArchive;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.SourceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The blueprint routes, row by row of the contract: the files of {@code golden/blueprints} against
 * the server on its socket, with a real git repository, and the real solver on a small archive.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlueprintGoldenTest {
  private static final Path ADAPTER = Path.of("../share/depsolve/apt.py").toAbsolutePath();

  /** Each case has a repository of its own, whose durability is not what is tested here. */
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir static Path directory;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private GoldenCases cases;
  private Path places;

  @BeforeAll
  void start() throws Exception {
    places =
        Files.createTempDirectory(Files.isWritable(MEMORY) ? MEMORY : directory, "weldr-golden-");
    TinyArchive archive = new TinyArchive(directory);
    parts.add(archive);
    Adapter adapter = Adapter.of(ADAPTER, Files.createDirectory(directory.resolve("cache")));
    SourceStore sources =
        SourceStore.open(
            directory.resolve("sources"), PackageFamily.APT, () -> List.of(archive.source()));
    AdapterDepsolver depsolver = new AdapterDepsolver(adapter, Duration.ofHours(1));
    parts.add(depsolver);
    PackageAccess packages =
        new PackageAccess(
            sources,
            source -> source,
            new PackageCatalog(adapter, sources, Duration.ofHours(1), Duration.ofMinutes(1)),
            depsolver,
            "debian-12");
    cases =
        new GoldenCases(
            "blueprints",
            Map.of(),
            () -> {
              RunningServer server =
                  RunningServer.in(Files.createTempDirectory(places, "server"), packages);
              return new GoldenCases.Place(server.socket, server);
            });
    parts.add(cases);
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable part : parts.reversed()) {
      part.close();
    }
    try (Stream<Path> left = Files.walk(places)) {
      for (Path path : left.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  @TestFactory
  Stream<DynamicContainer> rows() throws IOException {
    return cases.tests();
  }
}
