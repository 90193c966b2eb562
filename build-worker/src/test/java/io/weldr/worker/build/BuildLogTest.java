package io.weldr.worker.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildLogTest {
  @TempDir Path results;

  @Test
  void everyLineHasItsTimeAndLevelAndASecondAttemptGoesOn() throws Exception {
    try (BuildLog log = BuildLog.open(results, 0)) {
      log.info("one");
    }
    try (BuildLog log = BuildLog.open(results, 0)) {
      log.warning("two");
      log.error("three\nfour");
    }

    List<String> lines = Files.readAllLines(file());
    assertEquals(4, lines.size());
    assertTrue(lines.get(0).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} INFO: one"));
    assertTrue(lines.get(1).endsWith(" WARNING: two"));
    assertTrue(lines.get(2).endsWith(" ERROR: three"));
    assertTrue(lines.get(3).endsWith(" ERROR: four"));
  }

  @Test
  void nothingCanPlayWithTheReadersTerminal() throws Exception {
    try (BuildLog log = BuildLog.open(results, 0)) {
      log.info("a\u001b[31mb\u0007c\u202ed\u2028e\ttab \u00e4");
    }
    assertTrue(
        Files.readString(file())
            .endsWith(" INFO: a\\u001b[31mb\\u0007c\\u202ed\\u2028e\ttab \u00e4\n"));
  }

  @Test
  void theGroupMayReadAndNobodyElse() throws Exception {
    BuildLog.open(results, 0).close();
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    assertEquals(
        "rwxr-x---",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())));
  }

  private Path file() {
    return results.resolve("logs/combined.log");
  }
}
