package io.weldr.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Rows that {@code bin/boot-report} makes {@code docs/boot-matrix.md} of. Test classes in several
 * processes add to one file, each row in one write.
 */
final class BootReport {
  private static final Path ROWS = Path.of("target", "boot-matrix.rows");

  private BootReport() {}

  /** An image that was started. */
  static void started(Object... cells) throws IOException {
    add("started", cells);
  }

  /** An image that was the same when it was composed again. */
  static void same(Object... cells) throws IOException {
    add("same", cells);
  }

  private static void add(String table, Object... cells) throws IOException {
    Files.createDirectories(ROWS.getParent());
    String row = Arrays.stream(cells).map(Object::toString).collect(Collectors.joining(" | "));
    Files.writeString(
        ROWS,
        "%s | %s |%n".formatted(table, row),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
