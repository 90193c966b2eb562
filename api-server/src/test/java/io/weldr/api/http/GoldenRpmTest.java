package io.weldr.api.http;

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

/** Sections 6 and 7 of the API's contract on RPM packages, with dnf behind the routes. */
@Timeout(600)
class GoldenRpmTest {
  @TempDir private static Path directory;
  private static TinyArchive repository;
  private static GoldenCases packages;
  private static GoldenCases sources;

  @BeforeAll
  static void makeRepository() throws Exception {
    repository = new TinyArchive(directory, PackageFamily.RPM);
    packages = new GoldenCases("rpm-packages", values(), GoldenRpmTest::withSource);
    sources = new GoldenCases("rpm-sources", values(), GoldenRpmTest::withSourceOfHost);
  }

  @AfterAll
  static void close() throws Exception {
    packages.close();
    sources.close();
    repository.close();
  }

  private static Map<String, String> values() {
    return Map.of("server", repository.url(""));
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
    PackagesServer server = new PackagesServer(fresh(), PackageFamily.RPM, List.of());
    server.sources.save(repository.source());
    server.catalog.sourcesChanged();
    return new GoldenCases.Place(server.http.socket, server);
  }

  private static GoldenCases.Place withSourceOfHost() throws IOException {
    PackagesServer server =
        new PackagesServer(
            fresh(), PackageFamily.RPM, List.of(ExampleSource.ofHost(PackageFamily.RPM)));
    return new GoldenCases.Place(server.http.socket, server);
  }

  private static Path fresh() throws IOException {
    return Files.createTempDirectory(directory, "server");
  }
}
