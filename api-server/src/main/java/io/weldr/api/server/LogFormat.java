package io.weldr.api.server;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** The forms of log lines that lorax-composer's logs have. */
final class LogFormat extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS", Locale.ROOT);

  /** Which parts a line has. */
  enum Form {
    /** {@code DATE TIME,ms LEVEL LOGGER: message}, for composer.log. */
    FULL,
    /** {@code DATE TIME,ms: message}, for the journal. */
    SHORT,
    /** The message alone, for server.log. */
    PLAIN
  }

  private final Form form;

  LogFormat(Form form) {
    this.form = form;
  }

  @Override
  public String format(LogRecord log) {
    StringBuilder line = new StringBuilder(prefix(log));
    line.append(SafeText.line(formatMessage(log))).append('\n');
    for (Throwable cause = log.getThrown(); cause != null; cause = cause.getCause()) {
      line.append("    ").append(SafeText.line(cause.toString())).append('\n');
      for (StackTraceElement frame : cause.getStackTrace()) {
        line.append("        at ").append(SafeText.line(frame.toString())).append('\n');
      }
    }
    return line.toString();
  }

  private String prefix(LogRecord log) {
    String time = TIME.format(log.getInstant().atZone(ZoneId.systemDefault()));
    return switch (form) {
      case FULL -> time + " " + level(log.getLevel()) + " " + log.getLoggerName() + ": ";
      case SHORT -> time + ": ";
      case PLAIN -> "";
    };
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARNING";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }
}
