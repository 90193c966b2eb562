package io.weldr.worker;

import io.weldr.worker.host.CgroupLimits.Resource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What of the host does not let the worker do all it should, in words for its administrator. */
final class HostNotices {
  private HostNotices() {}

  static List<String> of(StartupChecks.Host host) {
    Set<Resource> missing = EnumSet.allOf(Resource.class);
    missing.removeAll(host.control().resources());
    if (missing.isEmpty()) {
      return List.of();
    }
    return List.of(
        "Composes run without limits of "
            + missing.stream().map(HostNotices::words).collect(Collectors.joining(", "))
            + ": the cgroup controllers "
            + missing.stream().map(Resource::controller).collect(Collectors.joining(", "))
            + " are not available in "
            + host.cgroups().path()
            + "; start the worker by its unit, on a host booted with"
            + " systemd.unified_cgroup_hierarchy=1.");
  }

  private static String words(Resource resource) {
    return switch (resource) {
      case MEMORY -> "memory";
      case PIDS -> "processes";
      case CPU -> "processor time";
    };
  }
}
