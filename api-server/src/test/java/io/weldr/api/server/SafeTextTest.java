package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class SafeTextTest {
  @Test
  void textStaysReadable() {
    assertEquals("Grün ☃ 😀 \"x\"", SafeText.line("Grün ☃ 😀 \"x\""));
  }

  @Test
  void whatMovesTheCursorOrHidesTextIsEscaped() {
    assertEquals(
        "a\\u000ab\\u000d\\u001b[2J\\u0000\\u202e\\u2028\\u200b\\u0085",
        SafeText.line("a\nb\r\u001b[2J\0\u202e\u2028\u200b\u0085"));
    assertEquals("\\ud800x", SafeText.line("\ud800x"));
  }

  @Test
  void longTextIsCut() {
    String line = SafeText.line("x".repeat(1_000_000));
    assertTrue(line.length() < 8300, "length " + line.length());
    assertTrue(line.endsWith("… (cut)"));
  }

  @Test
  void aLogLineIsOneLineAlsoWithAnException() {
    LogRecord log = new LogRecord(Level.WARNING, "user {0}");
    log.setParameters(new Object[] {"a\nb"});
    log.setLoggerName("io.weldr.x");
    log.setThrown(new IllegalStateException("bad\n\u001b"));
    String text = new LogFormat(LogFormat.Form.FULL).format(log);
    String[] lines = text.split("\n", -1);
    assertTrue(lines[0].endsWith(" WARNING io.weldr.x: user a\\u000ab"), lines[0]);
    assertTrue(lines[0].matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} .*"), lines[0]);
    assertEquals("    java.lang.IllegalStateException: bad\\u000a\\u001b", lines[1]);
    assertEquals("user a\\u000ab\n", new LogFormat(LogFormat.Form.PLAIN).format(withoutCause(log)));
  }

  private static LogRecord withoutCause(LogRecord log) {
    log.setThrown(null);
    return log;
  }
}
