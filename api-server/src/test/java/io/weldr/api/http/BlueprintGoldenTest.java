package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.depsolve.Adapter;
import io.weldr.api.depsolve.AdapterDepsolver;
import io.weldr.api.depsolve.PackageCatalog;
import io.weldr.api.depsolve.TinyArchive;
import io.weldr.api.http.GoldenFile.Case;
import io.weldr.api.http.GoldenFile.Step;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.SourceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The blueprint routes, row by row of the contract: the files of {@code golden/blueprints} against
 * the server on its socket, with a real git repository, and the real solver on a small archive.
 * {@code make golden} writes what the server answers into the files.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlueprintGoldenTest {
  private static final Path FILES =
      Path.of("src/test/resources/io/weldr/api/http/golden/blueprints");
  private static final Path ADAPTER = Path.of("../share/depsolve/apt.py").toAbsolutePath();

  /** Each case has a repository of its own, whose durability is not what is tested here. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private static final boolean WRITE = Boolean.getBoolean("golden.write");

  @TempDir static Path directory;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Map<GoldenFile, RunningServer> shared = new HashMap<>();
  private final Map<GoldenFile, Map<Step, List<String>>> answered = new HashMap<>();
  private PackageAccess packages;
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
    packages =
        new PackageAccess(
            sources,
            source -> source,
            new PackageCatalog(adapter, sources, Duration.ofHours(1), Duration.ofMinutes(1)),
            depsolver,
            "debian-12");
  }

  @AfterAll
  void stop() throws Exception {
    parts.addAll(shared.values());
    for (AutoCloseable part : parts.reversed()) {
      part.close();
    }
    try (Stream<Path> left = Files.walk(places)) {
      for (Path path : left.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
    for (Map.Entry<GoldenFile, Map<Step, List<String>>> file : answered.entrySet()) {
      file.getKey().rewrite(file.getValue());
    }
  }

  @TestFactory
  Stream<DynamicContainer> rows() throws IOException {
    List<DynamicContainer> containers = new ArrayList<>();
    try (Stream<Path> files = Files.list(FILES)) {
      for (Path path : files.filter(path -> path.toString().endsWith(".http")).sorted().toList()) {
        GoldenFile file = GoldenFile.read(path);
        containers.add(
            DynamicContainer.dynamicContainer(
                path.getFileName().toString(),
                file.cases.stream()
                    .map(each -> DynamicTest.dynamicTest(each.title(), () -> run(file, each)))));
      }
    }
    return containers.stream();
  }

  @TestFactory
  Stream<DynamicTest> everyCaseNamesItsRowAndHasATitleOfItsOwn() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files.filter(path -> path.toString().endsWith(".http")).sorted().toList().stream()
          .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> titles(path)));
    }
  }

  private static void titles(Path path) throws IOException {
    Set<String> seen = new HashSet<>();
    for (Case each : GoldenFile.read(path).cases) {
      assertTrue(each.title().matches(".+ \\[.+]"), each.title());
      assertTrue(seen.add(each.title()), each.title() + " is there twice");
      assertFalse(each.steps().getLast().expected().isEmpty(), each.title());
    }
  }

  /**
   * A case that changes something gets a server of its own, and one version of the API: a stopped
   * server keeps its memory.
   */
  private void run(GoldenFile file, Case each) throws IOException {
    if (each.changesNothing()) {
      run(file, each, server(file), "v0");
      run(file, each, server(file), "v1");
    } else {
      try (RunningServer server = prepared(file)) {
        run(file, each, server, "v" + (file.cases.indexOf(each) % 2));
      }
    }
  }

  private void run(GoldenFile file, Case each, RunningServer server, String version)
      throws IOException {
    GoldenRun run = new GoldenRun(server, version);
    for (Step step : each.steps()) {
      if (!WRITE) {
        run.check(step);
      } else if (!step.expected().isEmpty()) {
        answered
            .computeIfAbsent(file, f -> new HashMap<>())
            .put(step, run.lines(step, run.send(step)));
      } else {
        run.send(step);
      }
    }
  }

  /** Cases that change nothing share one server. */
  private RunningServer server(GoldenFile file) throws IOException {
    if (!shared.containsKey(file)) {
      shared.put(file, prepared(file));
    }
    return shared.get(file);
  }

  private RunningServer prepared(GoldenFile file) throws IOException {
    RunningServer server = RunningServer.in(Files.createTempDirectory(places, "server"), packages);
    GoldenRun run = new GoldenRun(server, "v1");
    for (Step step : file.given) {
      run.check(step);
    }
    return server;
  }
}
