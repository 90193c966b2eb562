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
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sections 6 and 7 of the API's contract on RPM packages, with dnf behind the routes. */
@Timeout(600)
class GoldenRpmTest {
  @TempDir private static Path directory;
  private static TinyArchive repository;

  @BeforeAll
  static void makeRepository() throws Exception {
    repository = new TinyArchive(directory, PackageFamily.RPM);
  }

  @AfterAll
  static void closeRepository() {
    repository.close();
  }

  private static Map<String, String> values() {
    return Map.of("server", repository.url(""));
  }

  /** One server for all: these routes change nothing. */
  @TestFactory
  Stream<DynamicTest> projectsAndModules() throws Exception {
    PackagesServer server = new PackagesServer(fresh(), PackageFamily.RPM, List.of());
    server.sources.save(repository.source());
    server.catalog.sourcesChanged();
    return GoldenCase.tests("rpm-packages", golden -> golden.run(server.http.socket, values()))
        .onClose(server::close);
  }

  /** A server per file. */
  @TestFactory
  Stream<DynamicTest> sources() throws IOException {
    return GoldenCase.tests(
        "rpm-sources",
        golden -> {
          try (PackagesServer server =
              new PackagesServer(
                  fresh(), PackageFamily.RPM, List.of(ExampleSource.ofHost(PackageFamily.RPM)))) {
            golden.run(server.http.socket, values());
          }
        });
  }

  private static Path fresh() throws IOException {
    return Files.createTempDirectory(directory, "server");
  }
}
