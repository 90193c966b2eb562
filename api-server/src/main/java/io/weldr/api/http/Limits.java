package io.weldr.api.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What one client may take up.
 *
 * @param bodyBytes of a request
 * @param connections open at once; a new one beyond that displaces the one that has been silent the
 *     longest
 * @param idle how long a connection may take to send the head of a request
 * @param body how long it may take to send the body
 * @param stall how long it may leave a part of a download unread
 */
public record Limits(int bodyBytes, int connections, Duration idle, Duration body, Duration stall) {

  private static final int MOST_CONNECTIONS = 512;

  /** Descriptors for everything but connections: jars, logs, git, the worker, the solver. */
  private static final int RESERVE = 128;

  /** The limits in production. */
  public static Limits standard() {
    return standard(openFiles());
  }

  /**
   * The limits in production for a process that may have so many files open. A connection takes two
   * at most: itself and a file that is sent.
   */
  static Limits standard(long openFiles) {
    return new Limits(
        1 << 20,
        Math.clamp((openFiles - RESERVE) / 2, 1, MOST_CONNECTIONS),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60));
  }

  /** How many descriptors this process may have, see proc(5). */
  private static long openFiles() {
    try {
      return Files.readAllLines(Path.of("/proc/self/limits")).stream()
          .map(line -> line.strip().split("\\s{2,}", 3))
          .filter(columns -> columns[0].equals("Max open files") && columns[1].matches("[0-9]+"))
          .mapToLong(columns -> Long.parseLong(columns[1]))
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
