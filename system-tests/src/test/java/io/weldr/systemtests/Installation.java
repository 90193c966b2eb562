package io.weldr.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The program as `make install` lays it out, below a directory that user weldr may search. Made
 * once for all tests of a run and removed when the JVM ends.
 */
final class Installation {
  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
  private static Installation shared;

  private final Path root;

  private Installation(Path root) {
    this.root = root;
  }

  static synchronized Installation shared() {
    if (shared == null) {
      Path root = privateDirectory("weldr-composer-installed-");
      Command.must("make", "-s", "-C", TOP, "install", "DESTDIR=" + root);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> Command.run("rm", "-rf", "--", root)));
      shared = new Installation(root);
    }
    return shared;
  }

  /** A new directory of root's, mode 0755, on a disk (a tmpfs has no trusted attributes). */
  static Path privateDirectory(String prefix) {
    try {
      Path directory = Files.createTempDirectory(Path.of("/var/tmp"), prefix);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path program(String name) {
    return root.resolve("usr/libexec/weldr-composer").resolve(name);
  }

  Path share() {
    return root.resolve("usr/share/weldr-composer");
  }

  Path classPath(String daemon) {
    return root.resolve("usr/lib/weldr-composer").resolve(daemon);
  }
}
