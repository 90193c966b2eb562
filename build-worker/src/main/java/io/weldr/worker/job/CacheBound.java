package io.weldr.worker.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Keeps the package cache within bounds: what was not used for longest goes first. A package that a
 * running compose works on has a second name there and stays, like what was used within the last
 * hour. A package that goes is downloaded again when it is needed.
 *
 * <p>Security: for a directory whose every level only root can write.
 *
 * @param directory of {@code XX/SHA256} and {@code XX/SHA256.EXTENSION}; the time of a file is that
 *     of its last use
 * @param mostBytes of all packages; 0 = no limit
 * @param age longest time without use; 0 = no limit
 */
public record CacheBound(Path directory, long mostBytes, Duration age) {
  private static final Duration IN_USE = Duration.ofHours(1);

  /** A package in the cache. */
  private record Cached(Path file, long bytes, Instant used, boolean shared) {}

  /** What a removal freed. */
  record Freed(int files, long bytes) {}

  /** Removes what is beyond a limit. */
  Freed apply(Instant now) throws IOException {
    List<Cached> leastRecentFirst = cached();
    leastRecentFirst.sort(Comparator.comparing(Cached::used));
    long total = leastRecentFirst.stream().mapToLong(Cached::bytes).sum();
    int files = 0;
    long freed = 0;
    for (Cached each : leastRecentFirst) {
      boolean tooMuch = mostBytes > 0 && total - freed > mostBytes;
      boolean tooOld = age.isPositive() && each.used().isBefore(now.minus(age));
      if ((tooMuch || tooOld) && !each.shared() && each.used().isBefore(now.minus(IN_USE))) {
        Files.deleteIfExists(each.file());
        files++;
        freed += each.bytes();
      }
    }
    return new Freed(files, freed);
  }

  private List<Cached> cached() throws IOException {
    List<Cached> found = new ArrayList<>();
    try (var groups = Files.newDirectoryStream(directory, "[0-9a-f][0-9a-f]")) {
      for (Path group : groups) {
        try (var files = Files.newDirectoryStream(group)) {
          for (Path file : files) {
            add(file, found);
          }
        }
      }
    } catch (NoSuchFileException e) {
      // Nothing was ever downloaded.
      return found;
    }
    return found;
  }

  private static void add(Path file, List<Cached> found) throws IOException {
    try {
      var attributes =
          Files.readAttributes(
              file, "unix:size,lastModifiedTime,nlink,isRegularFile", LinkOption.NOFOLLOW_LINKS);
      if ((boolean) attributes.get("isRegularFile")) {
        var used = (FileTime) attributes.get("lastModifiedTime");
        boolean shared = (int) attributes.get("nlink") > 1;
        found.add(new Cached(file, (long) attributes.get("size"), used.toInstant(), shared));
      }
    } catch (NoSuchFileException e) {
      // A job found it damaged meanwhile.
      return;
    }
  }
}
