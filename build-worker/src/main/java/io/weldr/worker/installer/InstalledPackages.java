package io.weldr.worker.installer;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import java.util.Set;
import java.util.TreeSet;

/** Compares what is installed with what the compose was to have. */
final class InstalledPackages {
  private InstalledPackages() {}

  /**
   * Packages as the package manager writes them, each with its exact version.
   *
   * @throws BuildException INTERNAL when a package is missing, is one too many, has another version
   *     or is not completely installed
   */
  static void check(Set<String> installed, Set<String> wanted) throws BuildException {
    refuse("was not installed", difference(wanted, installed));
    refuse("was installed without being asked for", difference(installed, wanted));
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

  static BuildException failed(String message) {
    return new BuildException(
        FailureCode.INTERNAL, message, "See logs/combined.log of the compose.");
  }
}
