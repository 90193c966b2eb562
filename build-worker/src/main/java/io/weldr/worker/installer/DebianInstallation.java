package io.weldr.worker.installer;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.image.Checksum;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Puts Debian packages into an empty directory.
 *
 * <p>First the Essential packages and what they depend on are extracted without running anything,
 * because their scripts need each other; then dpkg, running in the tree, installs them, unless
 * {@link BaseTrees} has a tree where that was done before. After them it installs the rest, in
 * libapt's order. No service is started: policy-rc.d forbids it.
 *
 * <p>Security: archives are opened in a sandbox that sees nothing but them and the tree; scripts of
 * packages run as root of the tree, without network, in {@link Tree}'s sandbox.
 */
final class DebianInstallation {
  private static final String ARCHIVES = "/run/packages";
  private static final String POLICY = "/usr/sbin/policy-rc.d";

  /** Architectures whose dynamic loader lies in /lib64. */
  private static final Set<String> WITH_LIB64 = Set.of("amd64", "ppc64el");

  private static final List<String> DPKG =
      List.of("/usr/bin/dpkg", "--force-unsafe-io", "--force-confold", "--force-confdef");

  private final Path path;
  private final FetchedPackages packages;
  private final Tree tree;
  private final Optional<BaseTrees> bases;
  private final StageReport report;
  private final FirstFailure firstFailure = new FirstFailure();
  private int done;

  /**
   * @param path where the tree will be; must not be there yet
   * @param tree the same, for programs in it
   * @param bases trees to begin with; empty where the image must not depend on what was made before
   */
  DebianInstallation(
      Path path,
      Tree tree,
      FetchedPackages packages,
      Optional<BaseTrees> bases,
      StageReport report) {
    this.path = path;
    this.bases = bases;
    this.packages = packages;
    this.tree = tree.seeing(packages.directory(), ARCHIVES);
    this.report = report;
  }

  /** Installs everything. */
  void run() throws BuildException, IOException, InterruptedException {
    if (bases.isPresent()) {
      beginWith(bases.get());
    } else {
      installEssential();
    }
    for (InstallStep step : packages.steps()) {
      dpkg(arguments(step));
    }
    dpkg(List.of("--configure", "--pending"));
    tree.run("policy-rc.d cannot be removed", "/bin/rm", "-f", "--", POLICY);
  }

  private void beginWith(BaseTrees trees) throws BuildException, IOException, InterruptedException {
    List<String> archives = new ArrayList<>();
    for (String archive : essentialArchives()) {
      archives.add(archive + " " + Checksum.sha256(packages.directory().resolve(archive)));
    }
    String key = BaseTrees.key(archives, topLevelLinks());
    if (trees.unpack(key, path, report)) {
      report.info("%d Essential packages were installed before".formatted(archives.size()));
      done = 2 * archives.size();
    } else {
      installEssential();
      trees.pack(key, path, path.resolveSibling("base"), report);
    }
  }

  private void installEssential() throws BuildException, IOException, InterruptedException {
    makeSkeleton();
    extractEssential();
    tree.write(POLICY, "#!/bin/sh\nexit 101\n");
    tree.run("services cannot be forbidden to start", "/bin/chmod", "0755", POLICY);
    List<String> essential = new ArrayList<>(List.of("--force-depends", "--install"));
    essential.addAll(archives(packages.essential()));
    dpkg(essential);
  }

  private List<String> essentialArchives() {
    return packages.essential().stream().map(key -> packages.files().get(key)).sorted().toList();
  }

  /** The directories that dpkg and the merged /usr need before there is any package. */
  private void makeSkeleton() throws IOException {
    directory(path);
    directory(path.resolve("usr"));
    for (String name : topLevelLinks()) {
      directory(path.resolve("usr").resolve(name));
      Files.createSymbolicLink(path.resolve(name), Path.of("usr", name));
    }
    for (String name : List.of("var", "var/lib", "var/lib/dpkg")) {
      directory(path.resolve(name));
    }
    for (String name : List.of("info", "updates", "alternatives", "triggers", "parts")) {
      directory(path.resolve("var/lib/dpkg").resolve(name));
    }
    Files.createFile(path.resolve("var/lib/dpkg/status"));
    Files.createFile(path.resolve("var/lib/dpkg/available"));
  }

  private List<String> topLevelLinks() {
    boolean lib64 = packages.files().keySet().stream().anyMatch(DebianInstallation::needsLib64);
    return lib64 ? List.of("bin", "sbin", "lib", "lib64") : List.of("bin", "sbin", "lib");
  }

  private static boolean needsLib64(String key) {
    return WITH_LIB64.contains(key.substring(key.indexOf(':') + 1));
  }

  private static void directory(Path directory) throws IOException {
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void extractEssential() throws BuildException, IOException, InterruptedException {
    if (packages.essential().isEmpty()) {
      throw new BuildException(
          FailureCode.PACKAGE_MISSING,
          "the sources have no packages that are marked Essential",
          "Add a source that has a whole distribution.");
    }
    List<String> argv =
        new ArrayList<>(
            List.of(
                "/usr/bin/bash",
                "-euo",
                "pipefail",
                "-c",
                "for archive; do dpkg-deb --fsys-tarfile \"$archive\""
                    + " | tar -x -p --numeric-owner --keep-directory-symlink -C /tree; done",
                "extract"));
    essentialArchives().forEach(archive -> argv.add("/packages/" + archive));
    Sandbox.ofHostPrograms()
        .withCapabilities(
            "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_SETFCAP", "CAP_MKNOD")
        .readOnly(packages.directory(), "/packages")
        .writable(path, "/tree")
        .command(argv)
        .output(report::info)
        .check();
  }

  private List<String> arguments(InstallStep step) {
    List<String> arguments = new ArrayList<>();
    switch (step.operation()) {
      case UNPACK -> {
        arguments.addAll(List.of("--no-triggers", "--unpack"));
        arguments.addAll(archives(step.packages()));
      }
      case CONFIGURE -> {
        arguments.add("--configure");
        step.packages().stream().map(DebianInstallation::installedName).forEach(arguments::add);
      }
    }
    return arguments;
  }

  /** dpkg knows packages for all architectures by their bare name. */
  private static String installedName(String key) {
    return key.endsWith(":all") ? key.substring(0, key.length() - ":all".length()) : key;
  }

  private List<String> archives(Collection<String> keys) {
    return new TreeSet<>(keys)
        .stream().map(key -> ARCHIVES + "/" + packages.files().get(key)).toList();
  }

  private void dpkg(List<String> arguments)
      throws BuildException, IOException, InterruptedException {
    List<String> argv = Stream.concat(DPKG.stream(), arguments.stream()).toList();
    Subprocess process = tree.command(argv).output(this::outputOfDpkg);
    try {
      process.check();
    } catch (SubprocessException e) {
      throw explained(e);
    }
  }

  private void outputOfDpkg(String line) {
    report.info(line);
    firstFailure.line(line);
    if (line.startsWith("Unpacking ") || line.startsWith("Setting up ")) {
      done++;
      report.progress(done, 2L * packages.files().size());
    }
  }

  private BuildException explained(SubprocessException failure) {
    return firstFailure
        .sentence()
        .map(
            sentence ->
                new BuildException(
                    FailureCode.PACKAGE_SCRIPT_FAILED,
                    sentence,
                    "Remove the package from the blueprint, or report the failure to its"
                        + " maintainer; logs/combined.log of the compose has the whole output.",
                    failure))
        .orElseGet(() -> unexplained(failure));
  }

  /** dpkg itself failed: a package has taken away what it works with. */
  private static BuildException unexplained(SubprocessException failure) {
    // "dpkg: error: …", or "dpkg: unrecoverable fatal error, aborting:" and a line with the reason.
    List<String> said =
        failure.lastLines().stream().dropWhile(line -> !line.startsWith("dpkg: ")).toList();
    return new BuildException(
        said.isEmpty() ? FailureCode.INTERNAL : FailureCode.PACKAGE_SCRIPT_FAILED,
        "dpkg " + failure.reason() + (said.isEmpty() ? "" : ": " + said.getLast().strip()),
        "A package damaged the system that was being installed; see logs/combined.log of the"
            + " compose.",
        failure);
  }
}
