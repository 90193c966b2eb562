package io.weldr.worker.installer;

import java.util.ArrayList;
import java.util.List;

/**
 * Packages that dpkg may take in one call. The order of steps is libapt's: whatever a package
 * pre-depends on is configured before the package is unpacked.
 *
 * @param packages names with their architecture, {@code name:architecture}
 */
record InstallStep(Operation operation, List<String> packages) {
  /** The longest list for one call, far below what a command line can hold. */
  private static final int MOST = 1000;

  enum Operation {
    UNPACK,
    CONFIGURE
  }

  InstallStep {
    packages = List.copyOf(packages);
  }

  /** Joins neighbours with the same operation. */
  static List<InstallStep> joined(List<InstallStep> steps) {
    List<InstallStep> joined = new ArrayList<>();
    for (InstallStep step : steps) {
      if (!joined.isEmpty() && joined.getLast().takes(step)) {
        List<String> all = new ArrayList<>(joined.removeLast().packages);
        all.addAll(step.packages);
        joined.add(new InstallStep(step.operation, all));
      } else {
        joined.add(step);
      }
    }
    return joined;
  }

  private boolean takes(InstallStep next) {
    return operation == next.operation && packages.size() + next.packages.size() <= MOST;
  }
}
