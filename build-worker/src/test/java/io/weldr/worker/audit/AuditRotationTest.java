package io.weldr.worker.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weldr.worker.host.Subprocess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditRotationTest {
  private static final int MOST_BYTES = 1000;

  @TempDir Path directory;

  @Test
  void aFullFileIsPutAsideAndNoRecordIsLost() throws Exception {
    try (AuditLog log = open(100)) {
      write(log, 50);
    }
    assertTrue(Files.exists(file(".1")) && Files.exists(file(".2")));
    for (Path each : files()) {
      assertTrue(Files.size(each) <= MOST_BYTES, each + " has " + Files.size(each) + " bytes");
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
    }
    assertEquals(LongStream.rangeClosed(1, 50).boxed().toList(), sequences());
  }

  @Test
  void onlyTheNewestFilesAreKept() throws Exception {
    try (AuditLog log = open(2)) {
      write(log, 100);
    }
    assertEquals(3, files().size());
    List<Long> kept = sequences();
    assertEquals(100, kept.getLast());
    assertEquals(LongStream.rangeClosed(kept.getFirst(), 100).boxed().toList(), kept);
  }

  @Test
  void aFileThatWasMovedAwayIsFollowedByANewOne() throws Exception {
    try (AuditLog log = open(2)) {
      write(log, 2);
      Files.move(file(""), file(".moved"));
      write(log, 1);
      Files.move(file(""), file(".moved2"));
      Files.createFile(
          file(""),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      write(log, 1);
    }
    assertEquals(List.of(1L, 2L), sequences(file(".moved")));
    assertEquals(List.of(3L), sequences(file(".moved2")));
    assertEquals(List.of(4L), sequences(file("")));
  }

  @Test
  void aStrangersFileInItsPlaceStopsTheCall() throws Exception {
    try (AuditLog log = open(2)) {
      write(log, 1);
      Files.move(file(""), file(".1"));
      Files.createSymbolicLink(file(""), directory.resolve("elsewhere"));
      assertThrows(IOException.class, () -> write(log, 1));
      assertFalse(Files.exists(directory.resolve("elsewhere")));
      Files.delete(file(""));
      write(log, 1);
    }
    assertEquals(List.of(2L), sequences(file("")));
  }

  @Test
  void numbersGoOnAfterARestartWithAnEmptyFile() throws Exception {
    try (AuditLog log = open(2)) {
      write(log, 3);
    }
    Files.move(file(""), file("-20261123"));
    try (AuditLog log = open(2)) {
      write(log, 1);
    }
    assertEquals(List.of(4L), sequences(file("")));
  }

  @Test
  void aFileThatCannotBePutAsideIsWrittenOn() throws Exception {
    Files.createDirectory(file(".1"));
    Files.createFile(file(".1").resolve("in the way"));
    try (AuditLog log = open(1)) {
      write(log, 50);
    }
    assertEquals(LongStream.rangeClosed(1, 50).boxed().toList(), sequences(file("")));
  }

  /** The program itself, as on any host that has it. */
  @Test
  void logrotateNeedsNoRestart() throws Exception {
    Path logrotate = Path.of("/usr/sbin/logrotate");
    assumeTrue(Files.isExecutable(logrotate));
    Path configuration =
        Files.writeString(
            directory.resolve("conf"), file("") + " {\n rotate 5\n create 0600 root root\n}\n");
    try (AuditLog log = open(9)) {
      write(log, 2);
      Subprocess.of(
              logrotate.toString(),
              "-f",
              "-s",
              directory.resolve("state").toString(),
              configuration.toString())
          .check();
      write(log, 1);
    }
    assertEquals(List.of(1L, 2L), sequences(file(".1")));
    assertEquals(List.of(3L), sequences(file("")));
  }

  private AuditLog open(int keep) throws IOException {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return AuditLog.open(
        file(""), new AuditLog.Rotation(MOST_BYTES, keep), nowhere, Clock.systemUTC());
  }

  private static void write(AuditLog log, int records) throws IOException {
    for (int i = 0; i < records; i++) {
      log.write(Map.of("method", "Submit"), false);
    }
  }

  private Path file(String suffix) {
    return directory.resolve("audit.log" + suffix);
  }

  /** Oldest first. */
  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (int number = 200; number > 0; number--) {
      if (Files.exists(file("." + number))) {
        files.add(file("." + number));
      }
    }
    files.add(file(""));
    return files;
  }

  private List<Long> sequences() throws IOException {
    List<Long> all = new ArrayList<>();
    for (Path each : files()) {
      all.addAll(sequences(each));
    }
    return all;
  }

  private static List<Long> sequences(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> Long.parseLong(line.replaceAll("\\{\"seq\":(\\d+),.*", "$1")))
        .toList();
  }
}
