package io.weldr.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file system of 96 MiB, more than the worker keeps free, over a directory, which can be filled
 * to the last byte.
 */
final class SmallDisk implements AutoCloseable {
  private final Path directory;

  SmallDisk(Path directory) {
    this.directory = directory;
    Command.must("mount", "-t", "tmpfs", "-o", "size=96m,mode=0755", "none", directory);
  }

  void fill() {
    try {
      while (true) {
        Files.write(
            directory.resolve("filler"),
            new byte[1024],
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      // It is full now.
      return;
    }
  }

  void empty() throws IOException {
    Files.delete(directory.resolve("filler"));
  }

  @Override
  public void close() {
    Command.must("umount", "-l", directory);
  }
}
