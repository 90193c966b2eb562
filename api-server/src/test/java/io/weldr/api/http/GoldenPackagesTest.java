package io.weldr.api.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weldr.api.depsolve.TinyArchive;
import io.weldr.api.source.ExampleSource;
import io.weldr.api.source.PackageFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sections 6 and 7 of the API's contract, row by row: the files below {@code golden}. */
@Timeout(600)
class GoldenPackagesTest {
  @TempDir private static Path directory;
  private static TinyArchive archive;
  private static GoldenCases packages;
  private static GoldenCases sources;

  @BeforeAll
  static void makeArchive() throws Exception {
    archive = new TinyArchive(directory);
    Files.writeString(
        directory.resolve("stranger.asc"),
        Files.readString(Path.of("src/test/resources/io/weldr/api/stranger.asc")));
    packages = new GoldenCases("packages", values(), GoldenPackagesTest::withSource);
    sources = new GoldenCases("sources", values(), GoldenPackagesTest::withSourceOfHost);
  }

  @AfterAll
  static void close() throws Exception {
    packages.close();
    sources.close();
    archive.close();
  }

  private static Map<String, String> values() throws IOException {
    String quoted = new ObjectMapper().writeValueAsString(archive.key());
    return Map.of(
        "server", archive.url(""),
        "key", quoted.substring(1, quoted.length() - 1),
        "arch", new String(nativeArchitecture()).strip());
  }

  private static byte[] nativeArchitecture() throws IOException {
    return new ProcessBuilder("/usr/bin/dpkg", "--print-architecture")
        .start()
        .getInputStream()
        .readAllBytes();
  }

  @TestFactory
  Stream<DynamicContainer> projectsAndModules() throws IOException {
    return packages.tests();
  }

  @TestFactory
  Stream<DynamicContainer> sources() throws IOException {
    return sources.tests();
  }

  private static GoldenCases.Place withSource() throws Exception {
    PackagesServer server = new PackagesServer(fresh(), List.of());
    server.sources.save(archive.source());
    server.catalog.sourcesChanged();
    return new GoldenCases.Place(server.http.socket, server);
  }

  private static GoldenCases.Place withSourceOfHost() throws IOException {
    PackagesServer server =
        new PackagesServer(fresh(), List.of(ExampleSource.ofHost(PackageFamily.APT)));
    return new GoldenCases.Place(server.http.socket, server);
  }

  private static Path fresh() throws IOException {
    return Files.createTempDirectory(directory, "server");
  }
}
