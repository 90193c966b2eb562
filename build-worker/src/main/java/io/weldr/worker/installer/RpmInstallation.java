package io.weldr.worker.installer;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts RPM packages into an empty directory, in one transaction of the host's rpm, which orders
 * them. The tree needs no rpm of its own.
 *
 * <p>rpm ends with 0 when a script of a package fails after the package was unpacked; whether all
 * went well is read from its output, and from the initial RAM file systems being there.
 *
 * <p>Security: rpm works in a sandbox without network that sees its own programs, read-only, the
 * packages and the tree; it changes its root to the tree before it unpacks anything, and so before
 * any script runs. A script that leaves that root again finds an empty system around it, with the
 * host's programs read-only and no device it could open. Daemons that scripts leave behind end with
 * the sandbox.
 */
final class RpmInstallation {
  private static final String TREE = "/tree";
  private static final String ARCHIVES = "/packages";
  private static final String NEVRA =
      "%{NAME}-%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}.%{ARCH}\\n";

  /** What {@code rpm --import} in a script would leave. */
  private static final String KEY = "gpg-pubkey-";

  private static final Map<String, String> MOUNT_POINTS =
      Map.of("proc", "r-xr-xr-x", "sys", "r-xr-xr-x", "dev", "rwxr-xr-x", "run", "rwxr-xr-x");

  /** Prints the version of each kernel that dracut made no initial RAM file system for. */
  private static final String WITHOUT_INITRAMFS =
      """
      test -x /usr/bin/dracut || exit 0
      for kernel in /boot/vmlinuz-* /usr/lib/modules/*/vmlinuz; do
        case $kernel in
          *'*'*|*-rescue-*) continue ;;
          /boot/*) version=${kernel#/boot/vmlinuz-} ;;
          *) version=${kernel#/usr/lib/modules/}; version=${version%/vmlinuz} ;;
        esac
        test -s "/boot/initramfs-$version.img" || echo "$version"
      done
      """;

  private final Path path;
  private final FetchedArchives archives;
  private final String database;
  private final OptionalLong sourceDateEpoch;
  private final StageReport report;
  private final RpmFailure failure = new RpmFailure();
  private final Set<String> names = new TreeSet<>();
  private int done;

  /**
   * @param path where the tree will be; must not be there yet
   * @param database of rpm in the tree
   * @param sourceDateEpoch what rpm and scripts take for the present, as in {@link Tree}
   */
  RpmInstallation(
      Path path,
      FetchedArchives archives,
      String database,
      OptionalLong sourceDateEpoch,
      StageReport report) {
    this.path = path;
    this.archives = archives;
    this.database = database;
    this.sourceDateEpoch = sourceDateEpoch;
    this.report = report;
    archives.files().keySet().forEach(pkg -> names.add(RpmPackaging.nevra(pkg, true)));
  }

  /** Installs everything. */
  void run() throws BuildException, IOException, InterruptedException {
    makeMountPoints();
    Sandbox sandbox =
        Sandbox.ofHostPrograms()
            .readOnly(archives.directory(), ARCHIVES)
            .withTree(path, TREE)
            .with("LC_ALL", "C.UTF-8")
            .with("HOME", "/root")
            .with("SYSTEMD_OFFLINE", "1");
    if (sourceDateEpoch.isPresent()) {
      sandbox = sandbox.with("SOURCE_DATE_EPOCH", Long.toString(sourceDateEpoch.getAsLong()));
    }
    try {
      sandbox.command(argv()).output(this::output).check();
    } catch (SubprocessException e) {
      throw failed(failure.sentence().orElse("rpm " + e.reason()), e);
    }
    Optional<String> sentence = failure.sentence();
    if (sentence.isPresent()) {
      throw failed(sentence.get(), new IOException("rpm went on after the failure"));
    }
    checkInitialRamFileSystems();
  }

  private List<String> argv() {
    List<String> argv = new ArrayList<>(List.of("/usr/bin/rpm", "--root=" + TREE));
    // They were checked, with the keys of their sources.
    argv.add("--nosignature");
    // The solver chose for another distribution than the host's rpm is made for.
    argv.addAll(List.of("--ignorearch", "--ignoreos"));
    argv.add("--define=_dbpath " + database);
    // What is mounted there is not the package's.
    argv.add("--define=_netsharedpath /proc:/sys:/dev");
    argv.addAll(List.of("--install", "--verbose", "--"));
    archives.files().values().stream()
        .sorted()
        .map(file -> ARCHIVES + "/" + file)
        .forEach(argv::add);
    return argv;
  }

  /** Before any package is there, so that what is mounted is not taken for a package's. */
  private void makeMountPoints() throws IOException {
    directory(path, "rwxr-xr-x");
    for (Map.Entry<String, String> point : MOUNT_POINTS.entrySet()) {
      directory(path.resolve(point.getKey()), point.getValue());
    }
    directory(path.resolve("tmp"), "rwxrwxrwx");
    Files.setAttribute(path.resolve("tmp"), "unix:mode", 01777);
  }

  private static void directory(Path directory, String mode) throws IOException {
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
  }

  private void output(String line) {
    report.info(line);
    failure.line(line);
    if (names.contains(line.strip())) {
      done++;
      report.progress(done, names.size());
    }
  }

  private static BuildException failed(String sentence, Exception cause) {
    return new BuildException(
        FailureCode.PACKAGE_SCRIPT_FAILED,
        sentence,
        "Remove the package from the blueprint, or report the failure to its maintainer;"
            + " logs/combined.log of the compose has the whole output.",
        cause);
  }

  /** dracut may fail without the script that runs it. */
  private void checkInitialRamFileSystems()
      throws BuildException, IOException, InterruptedException {
    List<String> versions =
        new Tree(path).lines("/bin/sh", "-euc", WITHOUT_INITRAMFS).orElse(List.of());
    if (!versions.isEmpty()) {
      throw failed(
          "the kernel " + versions.getFirst() + " has no initial RAM file system: dracut failed",
          new IOException("/boot/initramfs-" + versions.getFirst() + ".img is missing"));
    }
  }

  /** What rpm says is installed, {@code name-[epoch:]version-release.architecture}. */
  Set<String> installed() throws BuildException, IOException, InterruptedException {
    Set<String> installed = new TreeSet<>();
    Subprocess process =
        Sandbox.ofHostPrograms()
            .writable(path, TREE)
            .command("/usr/bin/rpm", "--dbpath=" + TREE + database, "-qa", "--qf", NEVRA)
            .output(installed::add)
            .errors(report::info);
    if (process.run().exitStatus() != 0) {
      throw InstalledPackages.failed("rpm cannot list the packages of the tree");
    }
    installed.removeIf(name -> name.startsWith(KEY));
    return installed;
  }
}
