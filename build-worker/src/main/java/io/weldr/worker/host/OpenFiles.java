package io.weldr.worker.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Files that some process of the host has open, as {@code /proc/PID/fd} shows them.
 *
 * <p>Security: links are read and never followed.
 */
public final class OpenFiles {
  private static final Path PROC = Path.of("/proc");

  private OpenFiles() {}

  /** Open files below the directory. */
  public static Set<Path> below(Path directory) throws IOException {
    Set<Path> found = new HashSet<>();
    try (var processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path process : processes) {
        addOpenFiles(process, directory, found);
      }
    }
    return found;
  }

  private static void addOpenFiles(Path process, Path directory, Set<Path> found) {
    try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        Path file = Files.readSymbolicLink(descriptor);
        if (file.startsWith(directory)) {
          found.add(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // The process or its descriptor is gone, and with it what it had open.
      return;
    }
  }
}
