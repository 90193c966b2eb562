package io.weldr.worker.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Splits a stream of bytes into lines with bounded memory. */
final class LineReader {
  /** Longest line passed on where nothing else is asked for, in characters. */
  static final int LONGEST = 8192;

  private final int longest;
  private final Consumer<String> lines;
  private final StringBuilder line = new StringBuilder();

  private LineReader(int longest, Consumer<String> lines) {
    this.longest = longest;
    this.lines = lines;
  }

  /**
   * Reads to the end; both {@code \n} and {@code \r} end a line, empty lines are passed on.
   *
   * @param longest characters; what is beyond in a line is dropped
   */
  static void readAll(InputStream stream, int longest, Consumer<String> lines) {
    LineReader reader = new LineReader(longest, lines);
    char[] buffer = new char[4096];
    try (Reader text = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      for (int count = text.read(buffer); count >= 0; count = text.read(buffer)) {
        for (int i = 0; i < count; i++) {
          reader.accept(buffer[i]);
        }
      }
    } catch (IOException e) {
      // The stream was closed under us because the process is gone.
      reader.endOfStream();
      return;
    }
    reader.endOfStream();
  }

  private void accept(char c) {
    if (c == '\n' || c == '\r') {
      emit();
    } else if (line.length() < longest) {
      line.append(c);
    }
  }

  private void endOfStream() {
    if (!line.isEmpty()) {
      emit();
    }
  }

  private void emit() {
    lines.accept(line.toString());
    line.setLength(0);
  }
}
