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
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sections 6 and 7 of the API's contract, row by row: the files below {@code golden}. */
@Timeout(600)
class GoldenPackagesTest {
  @TempDir private static Path directory;
  private static TinyArchive archive;

  @BeforeAll
  static void makeArchive() throws Exception {
    archive = new TinyArchive(directory);
    Files.writeString(
        directory.resolve("stranger.asc"),
        Files.readString(Path.of("src/test/resources/io/weldr/api/stranger.asc")));
  }

  @AfterAll
  static void closeArchive() {
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

  /** One server for all: these routes change nothing. */
  @TestFactory
  Stream<DynamicTest> projectsAndModules() throws Exception {
    PackagesServer server = new PackagesServer(fresh(), List.of());
    server.sources.save(archive.source());
    server.catalog.sourcesChanged();
    return GoldenCase.tests("packages", golden -> golden.run(server.http.socket, values()))
        .onClose(server::close);
  }

  /** A server per file. */
  @TestFactory
  Stream<DynamicTest> sources() throws IOException {
    return GoldenCase.tests(
        "sources",
        golden -> {
          try (PackagesServer server =
              new PackagesServer(fresh(), List.of(ExampleSource.ofHost(PackageFamily.APT)))) {
            golden.run(server.http.socket, values());
          }
        });
  }

  private static Path fresh() throws IOException {
    return Files.createTempDirectory(directory, "server");
  }
}
