package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.node.NullNode;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.PackageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small RPM packages, made and signed with the host's rpmbuild, gpg and rpmsign. */
public final class RpmBuilder {
  public static final String SOURCE = "test";
  private static final String SIGNER = "test@example.com";

  /** What scripts below use; their libraries come along. */
  private static final List<String> PROGRAMS =
      List.of("bash", "cat", "dd", "ln", "ls", "mkdir", "mv", "rm", "setsid", "sleep");

  /** $1 = directory to fill. */
  private static final String COPY_PROGRAMS =
      """
      mkdir -p "$1/usr/bin" "$1/usr/lib64" "$1/usr/lib"
      ln -s bash "$1/usr/bin/sh"
      for name in %s; do
        cp -L "/usr/bin/$name" "$1/usr/bin/"
        for library in $(ldd "/usr/bin/$name" | grep -o '/[^ ]*'); do
          mkdir -p "$1/usr$(dirname "${library#/usr}")"
          cp -L "$library" "$1/usr${library#/usr}"
        done
      done
      for name in bin lib lib64; do ln -s "usr/$name" "$1/$name"; done
      """
          .formatted(String.join(" ", PROGRAMS));

  private final Path directory;

  /**
   * @param directory empty
   */
  public RpmBuilder(Path directory) {
    this.directory = directory;
  }

  /** Of those that were built. */
  FetchedArchives archives(String... names) {
    Map<PackageSpec, String> chosen = new LinkedHashMap<>();
    for (String name : names) {
      PackageSpec pkg = new PackageSpec(name, 0, "1", "1", "noarch", SOURCE, "0".repeat(64), 1);
      chosen.put(pkg, file(name).getFileName().toString());
    }
    return new FetchedArchives(directory.resolve("rpms"), chosen, NullNode.getInstance());
  }

  /** A package with a shell and a few programs, which scripts of others need. */
  public void shell() throws IOException, InterruptedException {
    Path root = directory.resolve("shell");
    run("/bin/sh", "-euc", COPY_PROGRAMS, "copy", root.toString());
    add("shell", "Provides: /bin/sh\n", root, "");
  }

  /** A package without files, beside {@link #shell}. */
  public void script(String name, String scripts) throws IOException, InterruptedException {
    add(name, "Requires(pre): shell\n", Files.createDirectory(directory.resolve(name)), scripts);
  }

  /**
   * A package.
   *
   * @param tags more lines of the preamble
   * @param root its files
   * @param scripts sections of a spec
   */
  public void add(String name, String tags, Path root, String scripts)
      throws IOException, InterruptedException {
    Path spec = directory.resolve(name + ".spec");
    String text =
        """
        %%global __os_install_post %%{nil}
        %%global _build_id_links none
        %%global debug_package %%{nil}
        Name: %s
        Version: 1
        Release: 1
        Summary: Of a test
        License: none
        BuildArch: noarch
        AutoReqProv: no
        %s%%description
        Of a test.
        %%install
        mkdir -p %%{buildroot}
        cp -a %s/. %%{buildroot}/
        (cd %%{buildroot}; find . -mindepth 1 \\( -type l -o -type f \\) | sed 's/^\\.//' > %s.files)
        %%files -f %s.files
        %s
        """
            .formatted(name, tags, root, spec, spec, scripts);
    Files.writeString(spec, text);
    run(
        "/usr/bin/rpmbuild",
        "-bb",
        "--define=_topdir " + directory.resolve("work"),
        "--define=_rpmdir " + directory.resolve("rpms"),
        "--define=_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
        // Copied programs of the host are not noarch, but no other machine will read this.
        "--define=_empty_manifest_terminate_build 0",
        "--define=_binaries_in_noarch_packages_terminate_build 0",
        spec.toString());
  }

  /** Where a package lies. */
  public Path file(String name) {
    return directory.resolve("rpms").resolve(name + "-1-1.noarch.rpm");
  }

  /** Makes a key; the armoured public part. */
  public String key() throws IOException, InterruptedException {
    run("/usr/bin/mkdir", "-m", "700", home());
    gpg("--passphrase", "", "--quick-generate-key", SIGNER, "rsa2048", "sign", "never");
    return String.join("\n", gpg("--armor", "--export", SIGNER)) + "\n";
  }

  /** Signs a package with the {@link #key}. */
  public void sign(String name) throws IOException, InterruptedException {
    try {
      run(
          "/usr/bin/rpmsign",
          "--define=_gpg_name " + SIGNER,
          "--define=_gpg_path " + home(),
          "--define=__gpg /usr/bin/gpg",
          "--addsign",
          file(name).toString());
    } finally {
      endAgent();
    }
  }

  private void endAgent() throws IOException, InterruptedException {
    // It fails when the agent is just ending by itself.
    Subprocess.of("/usr/bin/gpgconf", "--homedir", home(), "--kill", "all").run();
  }

  private String home() {
    return directory.resolve("gnupg").toString();
  }

  private List<String> gpg(String... arguments) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("/usr/bin/gpg", "--homedir", home(), "--batch"));
    argv.addAll(List.of(arguments));
    try {
      return run(argv.toArray(String[]::new));
    } finally {
      endAgent();
    }
  }

  private static List<String> run(String... argv) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    Subprocess.of(argv).environment("HOME", "/nonexistent").output(lines::add).check();
    return lines;
  }
}
