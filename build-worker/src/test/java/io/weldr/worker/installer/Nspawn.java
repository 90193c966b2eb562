package io.weldr.worker.installer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Starts a tree as a system of its own, in a cgroup of its own, and ends it again. */
final class Nspawn {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Path tree;
  private final Path console;
  private final List<Path> cgroups = new ArrayList<>();

  Nspawn(Path tree, Path console) {
    this.tree = tree;
    this.console = console;
    for (String hierarchy : List.of("unified", "systemd", "")) {
      Path root = Path.of("/sys/fs/cgroup").resolve(hierarchy);
      if (Files.exists(root.resolve("cgroup.procs"))) {
        cgroups.add(root.resolve("weldr-test-" + ProcessHandle.current().pid()));
      }
    }
  }

  /** What the console showed, without colours, until it had shown all of these texts. */
  String until(List<String> texts) throws IOException, InterruptedException {
    for (Path cgroup : cgroups) {
      Files.createDirectory(cgroup);
    }
    StringBuilder enter = new StringBuilder();
    cgroups.forEach(cgroup -> enter.append("echo 0 > ").append(cgroup).append("/cgroup.procs; "));
    Process system =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                enter
                    + "exec systemd-nspawn --quiet --register=no --keep-unit --private-network"
                    + " --console=read-only -b -D \"$1\"",
                "nspawn",
                tree.toString())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(console.toFile())
            .start();
    try {
      Instant end = Instant.now().plus(LIMIT);
      while (!texts.stream().allMatch(shown()::contains)
          && system.isAlive()
          && Instant.now().isBefore(end)) {
        Thread.sleep(100);
      }
      return shown();
    } finally {
      kill();
      system.waitFor();
      remove();
    }
  }

  private String shown() throws IOException {
    return Files.readString(console, StandardCharsets.ISO_8859_1)
        .replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "")
        .replace("\r", "");
  }

  private void kill() throws IOException {
    for (Path cgroup : cgroups) {
      if (Files.exists(cgroup.resolve("cgroup.kill"))) {
        Files.writeString(cgroup.resolve("cgroup.kill"), "1");
      }
    }
  }

  private void remove() throws IOException, InterruptedException {
    for (Path cgroup : cgroups) {
      List<String> argv =
          List.of("find", cgroup.toString(), "-depth", "-type", "d", "-exec", "rmdir", "{}", ";");
      for (int i = 0; i < 50 && Files.exists(cgroup); i++) {
        new ProcessBuilder(argv)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
        Thread.sleep(100);
      }
    }
  }
}
