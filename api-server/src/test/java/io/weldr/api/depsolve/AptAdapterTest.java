package io.weldr.api.depsolve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weldr.api.source.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests of {@code share/depsolve/apt.py}, which are in {@code src/test/python}. */
class AptAdapterTest {
  private static final Path SCRIPT = Path.of("../share/depsolve/apt.py").toAbsolutePath();

  @Test
  void theAdapterPassesItsOwnTests() throws IOException, InterruptedException {
    Process tests =
        new ProcessBuilder(
                List.of(
                    "/usr/bin/python3",
                    "-B",
                    "-m",
                    "unittest",
                    "discover",
                    "--start-directory",
                    "."))
            .directory(Path.of("src/test/python").toFile())
            .redirectErrorStream(true)
            .start();
    tests.getOutputStream().close();
    String output = new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, tests.waitFor(), output);
  }

  @Test
  @Tag("archive")
  void packagesOfTheArchiveOfThisHostAreFetchedAndOrdered(@TempDir Path directory)
      throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    Path out = Files.createDirectory(directory.resolve("out"));
    List<SolvedPackage> packages;
    List<Source> sources = new AdapterHostSources(Adapter.of(SCRIPT, cache)).read();
    try (AdapterDepsolver depsolver =
        new AdapterDepsolver(Adapter.of(SCRIPT, cache), Duration.ofHours(1))) {
      packages =
          depsolver.solve(
              SolveRequest.of(sources, List.of(PackageRequest.any("hostname")), List.of()));
    }
    JsonNode result = fetch(sources, packages, cache, out).path("result");

    assertEquals(packages.size(), result.path("packages").size(), result.toString());
    for (SolvedPackage solved : packages) {
      byte[] content = Files.readAllBytes(out.resolve(solved.sha256() + ".deb"));
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      assertEquals(solved.sha256(), HexFormat.of().formatHex(digest.digest(content)));
    }
    assertEquals("unpack", result.path("order").path(0).path("op").asText());
  }

  /** The last line of a fetch. */
  private static JsonNode fetch(
      List<Source> sources, List<SolvedPackage> packages, Path cache, Path out) throws Exception {
    ObjectMapper json = new ObjectMapper();
    ObjectNode request = json.createObjectNode();
    ArrayNode named = request.putArray("sources");
    sources.forEach(source -> named.addObject().put("id", source.id()).put("host", true));
    ArrayNode wanted = request.putArray("packages");
    for (SolvedPackage solved : packages) {
      String frozen = solved.version().frozen();
      wanted
          .addObject()
          .put("name", solved.version().name())
          .put("version", frozen.substring(0, frozen.lastIndexOf('.')))
          .put("architecture", solved.version().architecture())
          .put("sha256", solved.sha256())
          .put("source_id", solved.sourceId());
    }
    Process fetching =
        new ProcessBuilder(
                "/usr/bin/python3",
                "-IB",
                SCRIPT.toString(),
                "fetch",
                "--cache",
                cache.toString(),
                "--out",
                out.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (OutputStream input = fetching.getOutputStream()) {
      json.writeValue(input, request);
    }
    List<String> lines = fetching.inputReader().readAllLines();
    return json.readTree(lines.getLast());
  }
}
