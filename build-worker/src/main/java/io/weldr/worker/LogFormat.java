package io.weldr.worker;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * Log lines: {@code YYYY-MM-DD HH:MM:SS,mmm LEVEL: message}, then a stack trace if there is one.
 *
 * <p>Security: everything of a message that is not printable, line breaks included, is escaped, so
 * that no value in it can make a line of its own or speak to a terminal.
 */
final class LogFormat extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS").withZone(ZoneOffset.UTC);
  private static final int LONGEST = 8192;

  @Override
  public String format(LogRecord record) {
    StringBuilder line = new StringBuilder();
    line.append(TIME.format(record.getInstant()));
    line.append(' ').append(record.getLevel().getName()).append(": ");
    escape(formatMessage(record), line);
    line.append('\n');
    if (record.getThrown() != null) {
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(text -> escape(text, line.append("    ")).append('\n'));
    }
    return line.toString();
  }

  private static StringBuilder escape(String text, StringBuilder to) {
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (isPrintable(c)) {
                to.appendCodePoint(c);
              } else {
                to.append(String.format("\\u%04x", c));
              }
            });
    return to;
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
