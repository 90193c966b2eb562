package io.weldr.worker.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Loop devices of the host.
 *
 * <p>Security: only devices whose backing file lies below a directory of this worker are touched;
 * the device is named by the kernel's own listing.
 */
public final class LoopDevices {
  private static final Path BLOCK = Path.of("/sys/block");

  private LoopDevices() {}

  /** Devices, as {@code /dev/loopN}, that are backed by a file below the directory. */
  public static List<Path> backedBelow(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(BLOCK)) {
      return found;
    }
    try (var devices = Files.newDirectoryStream(BLOCK, "loop*")) {
      for (Path device : devices) {
        Path backing = device.resolve("loop/backing_file");
        if (Files.exists(backing) && Path.of(read(backing)).startsWith(directory)) {
          found.add(Path.of("/dev").resolve(device.getFileName()));
        }
      }
    }
    return found;
  }

  /** Detaches what {@link #backedBelow} finds. */
  public static void detachBelow(Path directory) throws IOException, InterruptedException {
    for (Path device : backedBelow(directory)) {
      Subprocess.of("/usr/sbin/losetup", "-d", device.toString())
          .timeout(Duration.ofSeconds(30))
          .check();
    }
  }

  private static String read(Path backing) {
    try {
      return Files.readString(backing).strip();
    } catch (IOException e) {
      // Detached between the listing and the look.
      return "/";
    }
  }
}
