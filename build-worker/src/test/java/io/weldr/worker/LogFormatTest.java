package io.weldr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogFormatTest {
  @Test
  void aLineHasTimeLevelAndMessage() {
    assertEquals(
        "2026-11-23 04:05:06,789 INFO: listening on /x\n",
        new LogFormat().format(record("listening on {0}", "/x")));
  }

  @Test
  void noValueCanMakeALineOrSpeakToATerminal() {
    String text = new LogFormat().format(record("said {0}", "a\nb\r\u001b[31m\u202e\0\u0085ä"));
    assertEquals(
        "2026-11-23 04:05:06,789 INFO: said a\\u000ab\\u000d\\u001b[31m\\u202e\\u0000\\u0085ä\n",
        text);
  }

  @Test
  void anExceptionFollowsIndented() {
    LogRecord record = record("failed");
    record.setThrown(new IllegalStateException("why\u001b"));
    String[] lines = new LogFormat().format(record).split("\n", -1);
    assertEquals("    java.lang.IllegalStateException: why\\u001b", lines[1]);
    assertTrue(lines[2].startsWith("    "));
  }

  private static LogRecord record(String message, Object... parameters) {
    LogRecord record = new LogRecord(Level.INFO, message);
    record.setInstant(Instant.parse("2026-11-23T04:05:06.789Z"));
    record.setParameters(parameters);
    return record;
  }
}
