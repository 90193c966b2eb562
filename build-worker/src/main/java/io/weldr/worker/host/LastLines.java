package io.weldr.worker.host;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/** The end of an output, bounded. Safe for several threads. */
final class LastLines {
  private static final int MOST = 20;

  private final ArrayDeque<String> lines = new ArrayDeque<>();

  /** A consumer that remembers a line and passes it on. */
  Consumer<String> then(Consumer<String> next) {
    return line -> {
      remember(line);
      next.accept(line);
    };
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  private synchronized void remember(String line) {
    if (lines.size() == MOST) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }
}
