package io.weldr.worker.installer.git;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.GitAccess;
import io.weldr.worker.spec.GitPackage;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes packages out of git repositories: fetches the commits, and packs their files.
 *
 * <p>Security: packing happens as nobody in a sandbox without network that sees the files
 * read-only; the packages have no scripts and no dependencies, and all in them belongs to root.
 * What comes out is taken as one regular file.
 */
public final class GitPackages {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9._+-]+");
  private static final String SCRIPTS = "DEBIAN";
  private static final String HINT = "logs/combined.log of the compose has the whole output.";

  private final PackageFamily family;
  private final GitAccess access;
  private final StageReport report;

  /**
   * @param access to repositories of this host, and by ssh
   */
  public GitPackages(PackageFamily family, GitAccess access, StageReport report) {
    this.family = family;
    this.access = access;
    this.report = report;
  }

  /**
   * Makes them, in their order.
   *
   * @param area not there yet, below a directory that only root can enter
   * @return the archives, in {@code area/packages}
   */
  public Map<GitPackage, Path> make(List<GitPackage> sources, Path area)
      throws BuildException, IOException, InterruptedException {
    Path packages = directory(directory(area).resolve("packages"));
    Map<GitPackage, Path> made = new LinkedHashMap<>();
    for (GitPackage source : sources) {
      Path own = directory(area.resolve(Integer.toString(made.size())));
      Path tree = new GitFetch(access, report).fetch(source, own);
      Path built = build(source, tree, own);
      Path archive = packages.resolve(Integer.toString(made.size()));
      Files.copy(built, archive, LinkOption.NOFOLLOW_LINKS);
      Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-r--r--"));
      made.put(source, archive);
    }
    return made;
  }

  private static Path directory(Path path) throws IOException {
    Files.createDirectory(path);
    // A sandbox's nobody must be able to go through.
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path build(GitPackage source, Path tree, Path area)
      throws BuildException, IOException, InterruptedException {
    List<String> names = topLevel(tree);
    Path text = directory(area.resolve("text"));
    Path out = directory(area.resolve("built"));
    Subprocess.of("/usr/bin/chown", GitFetch.NOBODY + ":" + GitFetch.NOBODY, "--", out.toString())
        .check();
    List<String> argv = new ArrayList<>(GitFetch.AS_NOBODY);
    switch (family) {
      case APT -> {
        refuseScripts(source, names);
        Files.writeString(text.resolve("control"), PackageText.control(source));
        argv.addAll(debBuild(source));
      }
      case RPM -> {
        Files.writeString(
            text.resolve("package.spec"), PackageText.spec(source, owned(source, names)));
        argv.addAll(rpmBuild());
      }
    }
    try {
      Sandbox.ofHostPrograms()
          .withCapabilities("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
          .readOnly(Path.of("/etc"), "/etc")
          .readOnly(text, "/text")
          .readOnly(tree, "/tree")
          .writable(out, "/build")
          .with("HOME", "/build")
          .command(argv)
          .output(report::info)
          .check();
    } catch (SubprocessException e) {
      String last = e.lastLines().isEmpty() ? e.reason() : e.lastLines().getLast().strip();
      throw new BuildException(
          FailureCode.INTERNAL,
          "the package " + source.name() + " cannot be made: " + last,
          HINT,
          e);
    }
    return archive(out);
  }

  private static List<String> debBuild(GitPackage source) {
    return List.of(
        "/usr/bin/sh",
        "-euc",
        """
        umask 022
        mkdir -p "/build/root$1" /build/root/DEBIAN
        cp -a --no-preserve=ownership -- /tree/. "/build/root$1"
        cp -- /text/control /build/root/DEBIAN/control
        chmod 0755 "/build/root$1" /build/root /build/root/DEBIAN
        mkdir /build/out
        dpkg-deb --root-owner-group --build /build/root /build/out/package
        """,
        "build",
        source.destination());
  }

  private static List<String> rpmBuild() {
    return List.of(
        "/usr/bin/rpmbuild",
        "-bb",
        "--define",
        "_topdir /build/work",
        "--define",
        "_tmppath /tmp",
        "--define",
        "_rpmdir /build/out",
        "--define",
        "_build_name_fmt package",
        "/text/package.spec");
  }

  private static List<String> topLevel(Path tree) throws IOException {
    try (Stream<Path> entries = Files.list(tree)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  /** A package for the root directory owns what is in it, not the directory itself. */
  private static List<String> owned(GitPackage source, List<String> names) throws BuildException {
    if (!source.destination().equals("/")) {
      return List.of(source.destination());
    }
    for (String name : names) {
      if (!PLAIN_NAME.matcher(name).matches()) {
        throw new BuildException(
            FailureCode.CUSTOMIZATION_FAILED,
            "the repository of package " + source.name() + " has a name that cannot lie in /",
            "Use letters, digits and ._+- there, or another destination.");
      }
    }
    return names.stream().map(name -> "/" + name).toList();
  }

  /** They would become the package's own, and run as root. */
  private static void refuseScripts(GitPackage source, List<String> names) throws BuildException {
    if (source.destination().equals("/") && names.contains(SCRIPTS)) {
      throw new BuildException(
          FailureCode.CUSTOMIZATION_FAILED,
          "the repository of package " + source.name() + " has a directory DEBIAN for /",
          "Rename it, or use another destination.");
    }
  }

  private static Path archive(Path out) throws IOException {
    try (Stream<Path> files = Files.list(GitFetch.ownDirectory(out.resolve("out")))) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .findFirst()
          .orElseThrow(() -> new IOException("no package was made"));
    }
  }
}
