package io.weldr.worker.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Loop devices of the host.
 *
 * <p>Security: only devices whose backing file lies below a directory of this worker are touched;
 * the device is named by the kernel's own listing.
 */
public final class LoopDevices {
  private static final Path BLOCK = Path.of("/sys/block");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Disks lie at most so far below the directory. */
  private static final int DEPTH = 2;

  private LoopDevices() {}

  /**
   * A file, whatever it is called.
   *
   * @param device as the kernel writes it, {@code MAJOR:MINOR}
   */
  private record FileIdentity(String device, long inode) {
    static FileIdentity of(Path file) throws IOException {
      var attributes = Files.readAttributes(file, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
      long device = ((Number) attributes.get("dev")).longValue();
      long major = device >> 8 & 0xfff | device >> 32 & ~0xfffL;
      long minor = device & 0xff | device >> 12 & ~0xffL;
      return new FileIdentity(major + ":" + minor, ((Number) attributes.get("ino")).longValue());
    }
  }

  /**
   * Devices, as {@code /dev/loopN}, that are backed by a file below the directory: by its path, and
   * when it lies at most {@value #DEPTH} levels below, also under another path: a program with
   * mounts of its own may have attached it under one that nobody else has.
   */
  public static List<Path> backedBelow(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    for (Path device : attached()) {
      boolean below = backing(device).startsWith(directory);
      (below ? found : others).add(Path.of("/dev").resolve(device.getFileName()));
    }
    if (!others.isEmpty() && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      others.retainAll(backedBy(identities(directory)));
      found.addAll(others);
    }
    return found;
  }

  /** Detaches what {@link #backedBelow} finds. */
  public static void detachBelow(Path directory) throws IOException, InterruptedException {
    for (Path device : backedBelow(directory)) {
      Subprocess.of("/usr/sbin/losetup", "-d", device.toString()).timeout(LIMIT).check();
    }
  }

  private static List<Path> attached() throws IOException {
    List<Path> attached = new ArrayList<>();
    if (Files.isDirectory(BLOCK)) {
      try (var devices = Files.newDirectoryStream(BLOCK, "loop*")) {
        for (Path device : devices) {
          if (Files.exists(device.resolve("loop/backing_file"))) {
            attached.add(device);
          }
        }
      }
    }
    return attached;
  }

  private static Path backing(Path device) {
    try {
      return Path.of(Files.readString(device.resolve("loop/backing_file")).strip());
    } catch (IOException e) {
      // Detached between the listing and the look.
      return Path.of("/");
    }
  }

  private static Set<FileIdentity> identities(Path directory) throws IOException {
    Set<FileIdentity> identities = new HashSet<>();
    try (Stream<Path> files = Files.walk(directory, DEPTH)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          identities.add(FileIdentity.of(file));
        }
      }
    }
    return identities;
  }

  private static Set<Path> backedBy(Set<FileIdentity> files) throws IOException {
    StringBuilder json = new StringBuilder();
    Set<Path> devices = new HashSet<>();
    try {
      Subprocess.of("/usr/sbin/losetup", "--json", "--output", "NAME,BACK-INO,BACK-MAJ:MIN")
          .timeout(LIMIT)
          .output(line -> json.append(line).append('\n'))
          .check();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while looking for loop devices", e);
    }
    for (JsonNode device : new ObjectMapper().readTree(json.toString()).path("loopdevices")) {
      String number = device.path("back-maj:min").asText().strip();
      if (files.contains(new FileIdentity(number, device.path("back-ino").asLong()))) {
        devices.add(Path.of(device.path("name").asText()));
      }
    }
    return devices;
  }
}
