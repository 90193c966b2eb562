package io.weldr.worker.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One cgroup of the version 2 hierarchy: a set of processes that cannot leave it unseen, whatever
 * they fork.
 *
 * <p>Security: killing goes through {@code cgroup.kill}, which the kernel carries out for the whole
 * subtree at once, so no pid is ever read and signalled later. Paths are made by this worker from a
 * compose's UUID or read back from root's own state.
 */
public record Cgroup(Path path) {
  private static final Duration PAUSE = Duration.ofMillis(20);

  /**
   * The cgroup this process runs in.
   *
   * @throws IOException when there is no version 2 hierarchy
   */
  public static Cgroup own() throws IOException {
    Path mount = mountPoint(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
      if (line.startsWith("0::/")) {
        return new Cgroup(mount.resolve(line.substring("0::/".length())));
      }
    }
    throw new IOException("/proc/self/cgroup has no line of a version 2 hierarchy");
  }

  /** A cgroup below this one; nothing is made yet. */
  public Cgroup child(String name) {
    return new Cgroup(path.resolve(name));
  }

  /** Makes it. */
  public void create() throws IOException {
    Files.createDirectory(path);
  }

  public boolean exists() {
    return Files.isDirectory(path);
  }

  /** Whether a process runs in it or below; false when it does not exist. */
  public boolean populated() throws IOException {
    try {
      List<String> events = Files.readAllLines(path.resolve("cgroup.events"));
      return events.contains("populated 1");
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      if (!exists()) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Kills every process in it and removes it; does nothing when it does not exist.
   *
   * @return whether it is gone; false when processes still run after the limit
   */
  public boolean killAndRemove(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (exists()) {
      if (populated()) {
        kill();
      } else if (remove()) {
        return true;
      }
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(PAUSE);
    }
    return true;
  }

  private void kill() throws IOException {
    try {
      Files.writeString(path.resolve("cgroup.kill"), "1");
    } catch (NoSuchFileException e) {
      // Removed in the meantime, which is what the caller wants.
      return;
    }
  }

  /** Removes an empty cgroup; false when it is not empty any more. */
  private boolean remove() throws IOException {
    try (var children = Files.newDirectoryStream(path, Files::isDirectory)) {
      for (Path child : children) {
        new Cgroup(child).remove();
      }
    } catch (NoSuchFileException e) {
      return true;
    }
    try {
      Files.deleteIfExists(path);
      return true;
    } catch (IOException e) {
      // EBUSY: a process came in between the look and the removal.
      return false;
    }
  }

  static Path mountPoint(List<String> mountinfo) throws IOException {
    Optional<String> point =
        mountinfo.stream()
            .filter(line -> line.contains(" - cgroup2 "))
            .map(line -> line.split(" ", 6)[4])
            .findFirst();
    return Path.of(
        point.orElseThrow(
            () ->
                new IOException(
                    "no cgroup version 2 hierarchy is mounted; mount one, for instance with"
                        + " `mount -t cgroup2 none /sys/fs/cgroup/unified`")));
  }
}
