package io.weldr.worker.installer;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The signatures of fetched RPM packages.
 *
 * <p>Security: {@code rpmkeys} of the host works in a sandbox without network and capabilities,
 * which sees nothing but the packages and the keys of one source, and on a database of keys that is
 * made for that one run: a key of one source vouches for no package of another, and no key of the
 * host for any. A package passes only when its header and its payload are covered by a signature by
 * one of the keys.
 */
final class RpmSignatures {
  /** The most packages of one call, far below what a command line can hold. */
  private static final int MOST = 1000;

  /** Arguments are names of files; each line of output is one of them and what is wrong with it. */
  private static final String CHECK =
      """
      rpm() { command=$1; shift; "$command" --define '_dbpath /tmp/rpmdb' "$@"; }
      mkdir /tmp/rpmdb
      for key in /keys/*.asc; do rpm rpmkeys --import "$key"; done
      cd /packages
      rpm rpmkeys --define '_pkgverify_level all' --checksig -- "$@"
      """;

  private final FetchedArchives archives;
  private final Path work;
  private final StageReport report;

  /**
   * @param work directory of this compose that only root can enter
   */
  RpmSignatures(FetchedArchives archives, Path work, StageReport report) {
    this.archives = archives;
    this.work = work;
    this.report = report;
  }

  /**
   * Checks the packages of every source that has keys.
   *
   * @throws BuildException BAD_SIGNATURE naming the first package that does not pass, and its
   *     source
   */
  void check(RpmKeys keys) throws BuildException, IOException, InterruptedException {
    for (Map.Entry<String, List<String>> source : keys.bySource().entrySet()) {
      List<String> files =
          archives.files().entrySet().stream()
              .filter(entry -> entry.getKey().sourceId().equals(source.getKey()))
              .map(Map.Entry::getValue)
              .toList();
      check(source.getKey(), source.getValue(), files);
    }
    long unchecked = archives.files().keySet().stream().filter(pkg -> !checked(keys, pkg)).count();
    if (unchecked > 0) {
      report.warning(
          "%d packages are from sources whose packages are not checked for signatures"
              .formatted(unchecked));
    }
  }

  private static boolean checked(RpmKeys keys, PackageSpec pkg) {
    return keys.bySource().containsKey(pkg.sourceId());
  }

  private void check(String source, List<String> keys, List<String> files)
      throws BuildException, IOException, InterruptedException {
    if (files.isEmpty()) {
      return;
    }
    if (keys.isEmpty()) {
      throw refused("the packages of source " + source + " must be signed, and it has no key");
    }
    Path directory = Files.createDirectory(work.resolve("keys"));
    for (int i = 0; i < keys.size(); i++) {
      Files.writeString(directory.resolve(i + ".asc"), keys.get(i));
    }
    for (int first = 0; first < files.size(); first += MOST) {
      check(source, directory, files.subList(first, Math.min(first + MOST, files.size())));
    }
    report.info(
        "The signatures of %d packages of source %s are good".formatted(files.size(), source));
    for (int i = 0; i < keys.size(); i++) {
      Files.delete(directory.resolve(i + ".asc"));
    }
    Files.delete(directory);
  }

  private void check(String source, Path keys, List<String> files)
      throws BuildException, IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-euc", CHECK, "check"));
    argv.addAll(files);
    List<String> output = new ArrayList<>();
    Subprocess process =
        Sandbox.ofHostPrograms()
            .with("LC_ALL", "C.UTF-8")
            .readOnly(archives.directory(), "/packages")
            .readOnly(keys, "/keys")
            .command(argv);
    int status = process.output(output::add).errors(output::add).run().exitStatus();
    if (status == 0) {
      return;
    }
    Optional<String> bad = output.stream().filter(line -> line.endsWith(" NOT OK")).findFirst();
    String last = output.isEmpty() ? "rpmkeys does not say why" : output.getLast();
    throw refused(
        bad.map(line -> "a package is not signed by a key of source " + source + ": " + line)
            .orElse("the keys of source " + source + " cannot be used: " + last));
  }

  private static BuildException refused(String message) {
    return new BuildException(
        FailureCode.BAD_SIGNATURE,
        message,
        "Check the keys of the source, or set check_gpg to false if its packages are not signed.");
  }
}
