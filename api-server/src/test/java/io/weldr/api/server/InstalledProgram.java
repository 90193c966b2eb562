package io.weldr.api.server;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The class path of this test, copied to where every user can read it, and how to start the program
 * from it.
 */
final class InstalledProgram {
  private final Path classes;

  private InstalledProgram(Path classes) {
    this.classes = classes;
  }

  static InstalledProgram in(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path from = Path.of(entry);
      if (Files.isRegularFile(from)) {
        Files.copy(from, directory.resolve(number++ + ".jar"));
      } else if (Files.isDirectory(from)) {
        copy(from, Files.createDirectory(directory.resolve("classes" + number++)));
      }
    }
    return new InstalledProgram(directory);
  }

  static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Writes a configuration whose places are all below a directory; the file. */
  static Path configuration(Path directory) throws IOException {
    copy(Path.of("../share"), directory.resolve("share"));
    return Files.writeString(
        directory.resolve("composer.conf"),
        """
        [composer]
        share_dir = %1$s/share
        lib_dir = %1$s/lib
        cache_dir = %1$s/cache
        worker_socket = %1$s/worker.socket
        """
            .formatted(directory));
  }

  /** The command line of the program. */
  List<String> command(List<String> arguments) throws IOException {
    List<String> path = new ArrayList<>();
    try (var entries = Files.list(classes)) {
      entries.map(Path::toString).sorted().forEach(path::add);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                String.join(":", path),
                Main.class.getName()));
    command.addAll(arguments);
    return command;
  }
}
