package io.weldr.worker.build;

import io.weldr.worker.host.Access;
import io.weldr.worker.host.DurableFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/**
 * {@code logs/combined.log} of a compose, in lines {@code YYYY-MM-DD HH:MM:SS,mmm LEVEL: message}
 * (UTC). It can be read while the compose runs. After {@value #MOST} bytes only warnings and errors
 * are written.
 *
 * <p>Security: output of packages' scripts ends up here and on people's terminals; control
 * characters are written as {@code \}{@code uXXXX}.
 */
final class BuildLog implements Closeable {
  private static final long MOST = 64L << 20;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS", Locale.ROOT);

  private static final Set<StandardOpenOption> APPENDING =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

  private final FileChannel channel;

  private BuildLog(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens the log of a compose, which a second attempt continues.
   *
   * @param gid group that may read it
   */
  static BuildLog open(Path resultsDirectory, int gid) throws IOException {
    Path logs = resultsDirectory.resolve("logs");
    if (!Files.isDirectory(logs, LinkOption.NOFOLLOW_LINKS)) {
      DurableFiles.createDirectory(logs, Access.groupDirectory(gid));
    }
    Path file = logs.resolve("combined.log");
    var closed = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    FileChannel channel = FileChannel.open(file, APPENDING, closed);
    DurableFiles.apply(file, Access.groupFile(gid));
    return new BuildLog(channel);
  }

  void info(String message) throws IOException {
    if (channel.size() < MOST) {
      write("INFO", message);
    }
  }

  void warning(String message) throws IOException {
    write("WARNING", message);
  }

  void error(String message) throws IOException {
    write("ERROR", message);
  }

  /** What was logged is on the disk when this returns. */
  @Override
  public void close() throws IOException {
    try (channel) {
      DurableFiles.sync(channel);
    }
  }

  private synchronized void write(String level, String message) throws IOException {
    String time = LocalDateTime.now(ZoneOffset.UTC).format(TIME);
    StringBuilder lines = new StringBuilder();
    message
        .lines()
        .forEach(
            line ->
                lines
                    .append(time)
                    .append(' ')
                    .append(level)
                    .append(": ")
                    .append(printable(line))
                    .append('\n'));
    ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  static String printable(String line) {
    if (line.codePoints().noneMatch(BuildLog::isControl)) {
      return line;
    }
    StringBuilder text = new StringBuilder();
    line.codePoints()
        .forEach(
            character -> {
              if (isControl(character)) {
                text.append("\\u%04x".formatted(character));
              } else {
                text.appendCodePoint(character);
              }
            });
    return text.toString();
  }

  private static boolean isControl(int character) {
    int type = Character.getType(character);
    return character != '\t'
        && (type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR
            || type == Character.SURROGATE);
  }
}
