package io.weldr.worker.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-23T04:05:06Z"), ZoneOffset.UTC);

  private static final AuditLog.Rotation LARGE = new AuditLog.Rotation(1 << 30, 2);

  @TempDir Path directory;
  private final ByteArrayOutputStream journal = new ByteArrayOutputStream();

  @Test
  void aRecordIsOneLineInTheFileAndTheJournal() throws IOException {
    try (AuditLog log = open()) {
      log.write(Map.of("method", "Submit"), true);
    }
    String line = "{\"seq\":1,\"time\":\"2026-11-23T04:05:06Z\",\"method\":\"Submit\"}";
    assertEquals(List.of(line), Files.readAllLines(file()));
    assertEquals("audit: " + line + "\n", journal.toString(StandardCharsets.UTF_8));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void numbersGoOnAfterARestartEvenBehindATornLine() throws IOException {
    try (AuditLog log = open()) {
      log.write(Map.of("a", 1), false);
      log.write(Map.of("a", 2), false);
    }
    Files.writeString(file(), "{\"seq\":3,\"ti", StandardOpenOption.APPEND);
    try (AuditLog log = open()) {
      log.write(Map.of("a", 3), false);
    }
    List<String> lines = Files.readAllLines(file());
    assertEquals(4, lines.size());
    assertEquals("{\"seq\":3,\"ti", lines.get(2));
    assertTrue(lines.get(3).startsWith("{\"seq\":3,"), lines.get(3));
  }

  @Test
  void noValueCanEndARecordOrSpeakToATerminal() throws IOException {
    Random random = new Random(99);
    try (AuditLog log = open()) {
      for (int i = 0; i < 2000; i++) {
        StringBuilder value = new StringBuilder();
        for (int j = random.nextInt(40); j >= 0; j--) {
          value.append((char) random.nextInt(i % 2 == 0 ? 0x80 : 0x10000));
        }
        log.write(Map.of("value", value.toString()), false);
      }
    }
    List<String> lines = Files.readAllLines(file());
    assertEquals(2000, lines.size());
    for (String line : lines) {
      assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 0x7f), line);
      JsonNode record = JsonMapper.builder().build().readTree(line);
      assertEquals(3, record.size());
    }
  }

  @Test
  void longValuesAreCut() throws IOException {
    try (AuditLog log = open()) {
      log.write(Map.of("value", "x".repeat(100_000)), false);
    }
    assertTrue(Files.size(file()) < 1000);
  }

  @Test
  void aFileThatIsNotRootsAloneIsRefused() throws IOException {
    Path other = Files.writeString(directory.resolve("other"), "");
    Files.createSymbolicLink(file(), other);
    assertThrows(IOException.class, this::open);
    Files.delete(file());
    Files.createLink(file(), other);
    assertThrows(IOException.class, this::open);
    Files.delete(other);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThrows(IOException.class, this::open);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
    Files.setAttribute(file(), "unix:uid", 65534);
    assertThrows(IOException.class, this::open);
    Files.delete(file());
    Files.createDirectory(file());
    assertThrows(IOException.class, this::open);
  }

  @Test
  void aFullDiskIsAnErrorAndTheNextRecordIsWhole() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("small"));
    run("/bin/mount", "-t", "tmpfs", "-o", "size=16k", "none", mount.toString());
    try (AuditLog log = AuditLog.open(mount.resolve("audit.log"), LARGE, stream(), CLOCK)) {
      log.write(Map.of("first", 1), true);
      Path filler = mount.resolve("filler");
      fill(filler);
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < 100; i++) {
              log.write(Map.of("value", "x".repeat(200)), true);
            }
          });
      Files.delete(filler);
      log.write(Map.of("last", 1), true);
      List<String> lines = Files.readAllLines(mount.resolve("audit.log"));
      assertTrue(lines.getLast().contains("\"last\":1"));
      assertTrue(lines.stream().filter(line -> !whole(line)).count() <= 1, lines.toString());
    } finally {
      run("/bin/umount", mount.toString());
    }
  }

  private static boolean whole(String line) {
    return line.startsWith("{\"seq\":") && line.endsWith("}");
  }

  private static void fill(Path file) {
    try {
      for (int i = 0; i < 100; i++) {
        Files.write(file, new byte[4096], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      throw new AssertionError("the file system did not get full");
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("No space"), e.getMessage());
    }
  }

  private static void run(String... argv) throws Exception {
    assertEquals(0, new ProcessBuilder(argv).inheritIO().start().waitFor());
  }

  private AuditLog open() throws IOException {
    return open(LARGE);
  }

  private AuditLog open(AuditLog.Rotation rotation) throws IOException {
    return AuditLog.open(file(), rotation, stream(), CLOCK);
  }

  private PrintStream stream() {
    return new PrintStream(journal, true, StandardCharsets.UTF_8);
  }

  private Path file() {
    return directory.resolve("audit.log");
  }
}
