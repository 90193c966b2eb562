package io.weldr.worker.host;

import io.weldr.worker.host.CgroupLimits.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * With what the kernel of this host limits jobs: each resource by its controller of version 2, or
 * where the host uses that controller in a hierarchy of version 1, there. A cgroup, which is always
 * one of version 2, has a companion of its name in each of these hierarchies; names and formats of
 * its files are those of the kernel's {@code cgroup-v1/memory.rst} and {@code pids.rst}.
 *
 * <p>Security: companions are made below this process's own cgroup of the hierarchy. Processes are
 * found and killed by the cgroup of version 2 alone.
 *
 * @param unified resources with a controller of version 2
 * @param legacy parents of the companions, for other resources
 */
public record ResourceControl(Set<Resource> unified, Map<Resource, Path> legacy) {
  /** Limits nothing. */
  public static final ResourceControl NONE = new ResourceControl(Set.of(), Map.of());

  /** What version 1 calls the version 2 default of 100. */
  private static final long DEFAULT_SHARES = 1024;

  public ResourceControl {
    unified = Set.copyOf(unified);
    legacy = Map.copyOf(legacy);
  }

  /** Makes controllers available to cgroups below one of version 2, as far as the host lets it. */
  public static ResourceControl enable(Cgroup parent) throws IOException {
    Set<Resource> unified = CgroupLimits.enable(parent);
    List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo"));
    List<String> memberships = Files.readAllLines(Path.of("/proc/self/cgroup"));
    Map<Resource, Path> legacy = new EnumMap<>(Resource.class);
    for (Resource resource : Resource.values()) {
      if (!unified.contains(resource)) {
        own(resource.controller(), mounts, memberships)
            .filter(ResourceControl::usable)
            .ifPresent(directory -> legacy.put(resource, directory));
      }
    }
    return new ResourceControl(unified, legacy);
  }

  /** This process's cgroup in the version 1 hierarchy of a controller. */
  static Optional<Path> own(String controller, List<String> mounts, List<String> memberships) {
    Optional<Path> mount =
        mounts.stream()
            .filter(line -> line.contains(" - cgroup "))
            .map(line -> line.split(" "))
            .filter(words -> List.of(words[words.length - 1].split(",")).contains(controller))
            .filter(words -> words[3].equals("/"))
            .map(words -> Path.of(words[4]))
            .findFirst();
    return mount.flatMap(
        point ->
            memberships.stream()
                .map(line -> line.split(":", 3))
                .filter(words -> List.of(words[1].split(",")).contains(controller))
                .map(words -> point.resolve(words[2].substring(1)))
                .findFirst());
  }

  /** Shows by trying that companions can be made. */
  private static boolean usable(Path directory) {
    Path probe = directory.resolve("weldr-probe-" + ProcessHandle.current().pid());
    try {
      Files.createDirectory(probe);
      Files.delete(probe);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What can be limited. */
  public Set<Resource> resources() {
    Set<Resource> all = EnumSet.noneOf(Resource.class);
    all.addAll(unified);
    all.addAll(legacy.keySet());
    return all;
  }

  /** Makes a cgroup with its companions. */
  public void create(Cgroup cgroup) throws IOException {
    cgroup.create();
    for (Path companion : companions(cgroup).values()) {
      Files.createDirectory(companion);
    }
  }

  /** What a process has to enter to be in a cgroup. */
  public List<Path> directories(Cgroup cgroup) {
    List<Path> directories = new ArrayList<>(List.of(cgroup.path()));
    directories.addAll(companions(cgroup).values());
    return directories;
  }

  /** Sets limits of a cgroup that was made by {@link #create}. */
  public void limit(Cgroup cgroup, CgroupLimits limits) throws IOException {
    limits.apply(cgroup, unified);
    for (var companion : companions(cgroup).entrySet()) {
      // Another worker may have made the cgroup, when the host was configured otherwise.
      if (Files.isDirectory(companion.getValue())) {
        limit(companion.getKey(), companion.getValue(), limits);
      }
    }
  }

  private static void limit(Resource resource, Path companion, CgroupLimits limits)
      throws IOException {
    switch (resource) {
      case MEMORY ->
          CgroupLimits.write(
              companion, "memory.limit_in_bytes", Long.toString(limits.memoryBytes()));
      case PIDS -> CgroupLimits.write(companion, "pids.max", Integer.toString(limits.processes()));
      case CPU -> {
        long shares = Math.max(2, limits.cpuWeight() * DEFAULT_SHARES / 100);
        CgroupLimits.write(companion, "cpu.shares", Long.toString(shares));
      }
    }
  }

  /** The limit that processes of a cgroup met so far; empty also when it is gone. */
  public Optional<Resource> exceeded(Cgroup cgroup) throws IOException {
    Optional<Resource> met = CgroupLimits.exceeded(cgroup);
    if (met.isPresent()) {
      return met;
    }
    Map<Resource, Path> companions = companions(cgroup);
    if (counted(companions.get(Resource.MEMORY), "memory.oom_control", "oom_kill ")) {
      return Optional.of(Resource.MEMORY);
    }
    return counted(companions.get(Resource.PIDS), "pids.events", "max ")
        ? Optional.of(Resource.PIDS)
        : Optional.empty();
  }

  private static boolean counted(Path companion, String file, String key) throws IOException {
    return companion != null && CgroupLimits.count(companion, file, key) > 0;
  }

  /**
   * Removes the companions of a cgroup whose processes have ended.
   *
   * @throws IOException when one of them is still ending; to be tried again
   */
  public void removeCompanions(Cgroup cgroup) throws IOException {
    for (Path companion : companions(cgroup).values()) {
      Files.deleteIfExists(companion);
    }
  }

  /** Removes companions whose name begins so, when their cgroup itself is gone already. */
  public void removeCompanions(String prefix) throws IOException {
    for (Path parent : legacy.values()) {
      try (var found = Files.newDirectoryStream(parent, prefix + "*")) {
        for (Path companion : found) {
          Files.deleteIfExists(companion);
        }
      }
    }
  }

  private Map<Resource, Path> companions(Cgroup cgroup) {
    Map<Resource, Path> companions = new EnumMap<>(Resource.class);
    legacy.forEach(
        (resource, parent) ->
            companions.put(resource, parent.resolve(cgroup.path().getFileName().toString())));
    return companions;
  }
}
