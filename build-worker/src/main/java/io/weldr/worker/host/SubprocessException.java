package io.weldr.worker.host;

import java.io.IOException;
import java.util.List;

/** A program could not be started, ran too long or failed. */
public final class SubprocessException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String commandLine;
  private final String reason;
  private final transient List<String> lastLines;

  SubprocessException(String commandLine, String reason, List<String> lastLines) {
    super(message(commandLine, reason, lastLines));
    this.commandLine = commandLine;
    this.reason = reason;
    this.lastLines = List.copyOf(lastLines);
  }

  /** The command as a line that can be pasted into a shell. */
  public String commandLine() {
    return commandLine;
  }

  /** Half a sentence, e.g. {@code ended with exit status 2}. */
  public String reason() {
    return reason;
  }

  /** The end of the program's output, at most 20 lines. */
  public List<String> lastLines() {
    return lastLines == null ? List.of() : lastLines;
  }

  private static String message(String commandLine, String reason, List<String> lastLines) {
    String text = commandLine + " " + reason;
    return lastLines.isEmpty() ? text : text + "\n  " + String.join("\n  ", lastLines);
  }
}
