package io.weldr.api.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The state of SELinux, for the log. */
final class Selinux {
  private static final Path ENFORCE = Path.of("/sys/fs/selinux/enforce");

  private Selinux() {}

  static String state() {
    try {
      return Files.readString(ENFORCE).strip().equals("1")
          ? "selinux is enabled and in Enforcing mode"
          : "selinux is enabled and in Permissive mode";
    } catch (IOException e) {
      return "selinux is Disabled";
    }
  }
}
