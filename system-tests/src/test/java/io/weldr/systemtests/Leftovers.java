package io.weldr.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What must not be left of composes that have ended: one line per thing. */
final class Leftovers {
  private Leftovers() {}

  /** While no compose waits or runs. */
  static List<String> of(RunningComposer composer) {
    List<String> found = new ArrayList<>();
    String top = composer.top().toString();
    found.addAll(lines(Command.run("pgrep", "-a", "-f", "JobMain " + top).output(), ""));
    found.addAll(lines(Command.must("cat", "/proc/self/mounts"), top + "/lib/"));
    found.addAll(lines(Command.must("losetup", "-a"), top + "/lib/"));
    for (String directory : List.of("jobs", "results")) {
      Path path = composer.lib().resolve(directory);
      // What is being removed while find looks is told by find, and so is still there.
      found.addAll(
          lines(Command.run("find", path, "-name", ".?*", "!", "-name", ".lock").output(), ""));
      found.addAll(lines(Command.run("find", path, "-name", "work").output(), ""));
    }
    for (String id : names(composer.lib().resolve("jobs"))) {
      found.addAll(cgroups(id));
    }
    return found;
  }

  /** Of a compose. Those of other composes come and go while find looks: it does not open them. */
  static List<String> cgroups(String id) {
    return lines(
        Command.must(
            "find",
            "/sys/fs/cgroup",
            "-ignore_readdir_race",
            "-name",
            "weldr-job-*",
            "-prune",
            "-name",
            "weldr-job-" + id + "-*",
            "-print"),
        "");
  }

  private static List<String> lines(String text, String containing) {
    return text.lines().filter(line -> line.contains(containing)).toList();
  }

  private static List<String> names(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
