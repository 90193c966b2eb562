package io.weldr.worker.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the processes of one cgroup may use together, and whether they wanted more. Names and
 * formats of the files are those of the kernel's {@code cgroup-v2.rst}.
 *
 * @param memoryBytes memory with page cache; beyond it the kernel kills all of them at once, so
 *     that no build goes on that lost a process in the middle
 * @param processes processes and threads
 * @param cpuWeight share of the processors where others want them too; 1 to 10,000, the kernel's
 *     default is 100
 */
public record CgroupLimits(long memoryBytes, int processes, int cpuWeight) {

  /** A resource that the kernel can limit, where its controller is available. */
  public enum Resource {
    MEMORY,
    PIDS,
    CPU;

    /** Name of the controller. */
    public String controller() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Makes controllers available to cgroups below one. They may not be when the host uses them in
   * version 1 hierarchies, or when the cgroup is not this program's own.
   *
   * @return the resources that can be limited from now on
   */
  public static Set<Resource> enable(Cgroup parent) throws IOException {
    Set<Resource> usable = EnumSet.noneOf(Resource.class);
    List<String> available = words(parent, "cgroup.controllers");
    for (Resource resource : Resource.values()) {
      if (available.contains(resource.controller()) && enable(parent, resource)) {
        usable.add(resource);
      }
    }
    return usable;
  }

  /** Limits a cgroup, as far as the kernel can. */
  public void apply(Cgroup cgroup, Set<Resource> usable) throws IOException {
    for (Resource resource : usable) {
      switch (resource) {
        case MEMORY -> {
          write(cgroup, "memory.max", Long.toString(memoryBytes));
          write(cgroup, "memory.oom.group", "1");
        }
        case PIDS -> write(cgroup, "pids.max", Integer.toString(processes));
        case CPU -> write(cgroup, "cpu.weight", Integer.toString(cpuWeight));
      }
    }
  }

  /** The limit that processes of the cgroup met so far; empty also when it is gone. */
  public static Optional<Resource> exceeded(Cgroup cgroup) throws IOException {
    if (count(cgroup.path(), "memory.events", "oom_kill ") > 0) {
      return Optional.of(Resource.MEMORY);
    }
    return count(cgroup.path(), "pids.events", "max ") > 0
        ? Optional.of(Resource.PIDS)
        : Optional.empty();
  }

  /**
   * A cgroup whose children get controllers must not have processes itself (except the root), so
   * this process moves to a child of its own first. No other process is ever moved.
   */
  private static boolean enable(Cgroup parent, Resource resource) throws IOException {
    String word = "+" + resource.controller();
    try {
      write(parent, "cgroup.subtree_control", word);
      return true;
    } catch (IOException e) {
      try {
        Cgroup supervisor = parent.child("supervisor");
        Files.createDirectories(supervisor.path());
        write(supervisor, "cgroup.procs", Long.toString(ProcessHandle.current().pid()));
        write(parent, "cgroup.subtree_control", word);
        return true;
      } catch (IOException again) {
        // Other processes are in it: it is not ours alone.
        return false;
      }
    }
  }

  /** The number behind the key; 0 when the file or its directory is gone. */
  static long count(Path directory, String file, String key) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(directory.resolve(file));
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      if (!Files.isDirectory(directory)) {
        return 0;
      }
      throw e;
    }
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.substring(key.length())))
        .sum();
  }

  private static List<String> words(Cgroup cgroup, String file) throws IOException {
    List<String> words = new ArrayList<>();
    try (Stream<String> lines = Files.lines(cgroup.path().resolve(file))) {
      lines.forEach(line -> words.addAll(List.of(line.split(" "))));
    }
    return words;
  }

  private static void write(Cgroup cgroup, String file, String value) throws IOException {
    write(cgroup.path(), file, value);
  }

  /** Writes to a file that the kernel has there. */
  static void write(Path directory, String file, String value) throws IOException {
    Path path = directory.resolve(file);
    try (var stream = Files.newOutputStream(path, StandardOpenOption.WRITE)) {
      stream.write(value.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
