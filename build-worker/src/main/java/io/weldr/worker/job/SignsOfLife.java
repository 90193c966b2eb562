package io.weldr.worker.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** For how long none of a job's files has changed its length. */
final class SignsOfLife {
  private final List<Path> files;
  private long length = -1;
  private long since = System.nanoTime();

  /**
   * @param files that a job which gets on appends to; need not be there yet
   */
  SignsOfLife(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /** The time since the last change, counted from the first call at the earliest. */
  Duration silence() throws IOException {
    long now = 0;
    for (Path file : files) {
      now += lengthOf(file);
    }
    if (now != length) {
      length = now;
      since = System.nanoTime();
    }
    return Duration.ofNanos(System.nanoTime() - since);
  }

  private static long lengthOf(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
