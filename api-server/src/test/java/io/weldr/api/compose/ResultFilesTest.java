package io.weldr.api.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.depsolve.PackageVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFilesTest {
  private static final UUID ID = UUID.fromString("01234567-89ab-4cde-8f01-23456789abcd");

  @TempDir Path results;
  private Path compose;
  private ResultFiles files;

  @BeforeEach
  void start() throws IOException {
    compose = Files.createDirectories(results.resolve(ID.toString()));
    Files.createDirectory(compose.resolve("logs"));
    files = new ResultFiles(results);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(compose.resolve(name), text);
  }

  private static ComposeEntry entry(String imageName) {
    return new ComposeEntry(
        ID,
        "web",
        "0.0.1",
        "tar",
        ComposeState.FINISHED,
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty(),
        imageName,
        0,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  @Test
  void theRecordsOfAComposeAreRead() throws Exception {
    write("COMMIT", "a".repeat(40));
    write("frozen.toml", "name = \"web\"\ndescription = \"\"\nversion = \"0.0.1\"\n");
    write(
        "deps.toml",
        """
        [[packages]]
        name = "bash"
        epoch = 0
        version = "5.2"
        release = "2"
        arch = "amd64"
        """);
    write(
        "config.toml", "make_tar = true\nqemu_args = [\"-o\"]\ntimeout = 60\nimage_type = false\n");

    assertEquals("a".repeat(40), files.commit(ID));
    assertEquals("web", files.frozenBlueprint(ID).name());
    assertEquals(
        List.of(new PackageVersion("bash", 0, "5.2", "2", "amd64")), files.dependencies(ID));
    assertEquals(
        Map.of("make_tar", true, "qemu_args", List.of("-o"), "timeout", 60L, "image_type", false),
        files.config(ID));
  }

  @Test
  void whatIsMissingIsNamed() {
    assertEquals("Missing commit hash for " + ID, failure(() -> files.commit(ID)));
    assertEquals("Missing frozen.toml for " + ID, failure(() -> files.frozenBlueprint(ID)));
    assertEquals("Missing deps.toml for " + ID, failure(() -> files.dependencies(ID)));
    assertEquals("Missing config.toml for " + ID, failure(() -> files.config(ID)));
    assertEquals(
        "Missing config.toml for " + new UUID(0, 0), failure(() -> files.config(new UUID(0, 0))));
  }

  @Test
  void whatIsDamagedIsNamed() throws IOException {
    write("COMMIT", "x");
    write("frozen.toml", "name = ");
    write("deps.toml", "packages = [1]");
    write("config.toml", "a = 1\na = 2");
    assertTrue(failure(() -> files.commit(ID)).startsWith("Damaged commit hash"));
    assertTrue(failure(() -> files.frozenBlueprint(ID)).startsWith("Damaged frozen.toml"));
    assertTrue(failure(() -> files.dependencies(ID)).startsWith("Damaged deps.toml"));
    assertTrue(failure(() -> files.config(ID)).startsWith("Damaged config.toml"));
  }

  @Test
  void linksAndDirectoriesAreNotFollowed() throws IOException {
    Files.createSymbolicLink(compose.resolve("COMMIT"), Path.of("/etc/passwd"));
    Files.createDirectory(compose.resolve("config.toml"));
    Files.createSymbolicLink(compose.resolve("root.tar.xz"), Path.of("/etc/passwd"));
    assertTrue(failure(() -> files.commit(ID)).startsWith("Cannot read commit hash"));
    assertTrue(failure(() -> files.config(ID)).startsWith("Cannot read config.toml"));
  }

  private interface Reading {
    Object run() throws ComposeFailureException;
  }

  private static String failure(Reading reading) {
    return assertThrows(ComposeFailureException.class, reading::run).getMessage();
  }

  @Test
  void theLogIsOpenedWhereThereIsOne() throws IOException {
    assertTrue(files.logFile(ID).isEmpty());
    write("logs/combined.log", "one line");
    try (FileChannel log = files.logFile(ID).orElseThrow()) {
      assertEquals(8, log.size());
    }
    Files.delete(compose.resolve("logs/combined.log"));
    Files.createSymbolicLink(compose.resolve("logs/combined.log"), Path.of("/etc/passwd"));
    assertTrue(files.logFile(ID).isEmpty());
  }

  @Test
  void anImageIsOpenedAndSurvivesItsDeletion() throws Exception {
    write("root.tar.xz", "TEST IMAGE");
    try (ImageFile image = files.image(entry("root.tar.xz")).orElseThrow()) {
      Files.delete(compose.resolve("root.tar.xz"));
      ByteBuffer content = ByteBuffer.allocate(20);
      assertEquals(10, image.channel().read(content));
      assertEquals("TEST IMAGE", new String(content.array(), 0, 10, StandardCharsets.UTF_8));
      assertEquals(10, image.size());
      assertEquals("root.tar.xz", image.name());
    }
  }

  @Test
  void thereMayBeNoImage() throws Exception {
    Files.createDirectory(compose.resolve("directory"));
    Files.createSymbolicLink(compose.resolve("link"), Path.of("/etc/passwd"));
    for (String name :
        List.of("", "nothing", "..", "../x", "logs/combined.log", "directory", "link")) {
      assertEquals(Optional.empty(), files.image(entry(name)), name);
    }
  }
}
