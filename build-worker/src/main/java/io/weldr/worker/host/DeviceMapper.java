package io.weldr.worker.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Device-mapper entries of the host.
 *
 * <p>Security: only entries whose name begins with what the caller made up for one compose are
 * touched.
 */
public final class DeviceMapper {
  private static final Path BLOCK = Path.of("/sys/block");

  private DeviceMapper() {}

  /**
   * Base name of the file with the disk of a compose: what attaches it gives its name to the
   * entries.
   */
  public static String diskName(UUID compose) {
    return "weldr-" + compose;
  }

  /** Removes what is left of the disk of a compose. */
  public static void removeDiskOf(UUID compose) throws IOException, InterruptedException {
    removeBeginning(diskName(compose));
  }

  /** Names of the entries that begin so; partitions of a disk before the disk. */
  public static List<String> beginning(String prefix) throws IOException {
    List<String> found = new ArrayList<>();
    if (Files.isDirectory(BLOCK)) {
      try (var devices = Files.newDirectoryStream(BLOCK, "dm-*")) {
        for (Path device : devices) {
          String name = Files.readString(device.resolve("dm/name")).strip();
          if (name.startsWith(prefix)) {
            found.add(name);
          }
        }
      }
    }
    found.sort(Comparator.comparing(String::length).reversed().thenComparing(name -> name));
    return found;
  }

  /**
   * Removes what {@link #beginning} finds. It does not wait for udev, which would answer in another
   * IPC namespace than the job's.
   */
  public static void removeBeginning(String prefix) throws IOException, InterruptedException {
    for (String name : beginning(prefix)) {
      Subprocess.of("/usr/sbin/dmsetup", "remove", "--retry", "--noudevsync", "--", name)
          .timeout(Duration.ofSeconds(30))
          .check();
    }
  }
}
