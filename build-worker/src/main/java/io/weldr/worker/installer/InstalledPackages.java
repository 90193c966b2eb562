package io.weldr.worker.installer;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.PackageSpec;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares what dpkg says is installed with what the compose was to have. */
final class InstalledPackages {
  private static final String FORMAT =
      "${Package}:${Architecture}=${Version} ${db:Status-Status}\\n";
  private static final String HINT = "See logs/combined.log of the compose.";

  private InstalledPackages() {}

  /**
   * @throws BuildException INTERNAL when a package is missing, is one too many, has another version
   *     or is not completely installed
   */
  static void check(Tree tree, List<PackageSpec> frozen)
      throws BuildException, IOException, InterruptedException {
    Set<String> installed =
        tree.lines("/usr/bin/dpkg-query", "--show", "--showformat=" + FORMAT)
            .map(TreeSet::new)
            .orElseThrow(() -> failed("dpkg cannot list the installed packages"));
    Set<String> wanted =
        frozen.stream().map(InstalledPackages::line).collect(Collectors.toCollection(TreeSet::new));
    refuse("was not installed", difference(wanted, installed));
    refuse("was installed without being asked for", difference(installed, wanted));
    List<String> audit =
        tree.lines("/usr/bin/dpkg", "--audit")
            .orElseThrow(() -> failed("dpkg finds fault with the installed packages"));
    if (!audit.isEmpty()) {
      throw failed("dpkg finds fault with the installed packages: " + audit.getFirst());
    }
  }

  private static String line(PackageSpec pkg) {
    return "%s:%s=%s installed".formatted(pkg.name(), pkg.architecture(), pkg.fullVersion());
  }

  private static Set<String> difference(Set<String> some, Set<String> others) {
    Set<String> rest = new TreeSet<>(some);
    rest.removeAll(others);
    return rest;
  }

  private static void refuse(String what, Set<String> packages) throws BuildException {
    if (!packages.isEmpty()) {
      String first = packages.iterator().next();
      throw failed("the package " + first + " " + what + " (" + packages.size() + " such)");
    }
  }

  private static BuildException failed(String message) {
    return new BuildException(FailureCode.INTERNAL, message, HINT);
  }
}
