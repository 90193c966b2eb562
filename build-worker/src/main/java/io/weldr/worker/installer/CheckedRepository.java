package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.node.NullNode;
import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.host.WorkArea;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * RPM packages of a compose as a repository on this machine, for an installer that checks no
 * signatures itself (ADR 7).
 *
 * <p>Security: packages are in it only after their signatures and frozen checksums were found good;
 * they lie in root's work area, where nobody changes them between the check and the installation.
 * {@code createrepo_c} reads them in a sandbox without network and capabilities, and writes nothing
 * but the metadata.
 *
 * @param directory has {@code packages} and {@code repodata}
 * @param whole whether it has every package of the job; else those made of git repositories
 */
public record CheckedRepository(Path directory, boolean whole) {
  /** Programs that making one takes, besides those of every compose. */
  public static final List<String> TOOLS = List.of("createrepo_c");

  /** Whether a job needs one, as far as the job tells: see {@link #isSigned}. */
  public static boolean isFor(JobSpec job) {
    return !job.gitPackages().isEmpty() || isSigned(job);
  }

  /**
   * Whether packages must be signed; for sources of the host its configuration says so, which is
   * read when the compose is built.
   */
  public static boolean isSigned(JobSpec job) {
    return job.sources().stream()
        .anyMatch(source -> source instanceof SourceSpec.Rpm rpm && rpm.checkPackages());
  }

  /**
   * Makes it; empty when no package must be signed and none is made here.
   *
   * @param directory not there yet, in the work area of the compose
   * @throws BuildException BAD_SIGNATURE when a package is not signed as its source asks for
   */
  public static Optional<CheckedRepository> make(
      JobSpec job, JobSettings settings, Path directory, StageReport report)
      throws BuildException, IOException, InterruptedException {
    RpmSettings rpm = RpmSettings.load(settings.shareDir(), settings.target());
    RpmArchives archives = new RpmArchives(job, settings, rpm, directory);
    RpmKeys keys = archives.keys(report);
    boolean whole = !keys.bySource().isEmpty();
    if (!whole && job.gitPackages().isEmpty()) {
      return Optional.empty();
    }
    Files.createDirectory(directory);
    if (whole) {
      archives.fetch(keys, report);
    } else {
      Path packages = Files.createDirectory(directory.resolve("packages"));
      archives.madeOfGit(new FetchedArchives(packages, Map.of(), NullNode.getInstance()), report);
    }
    index(directory, report);
    return Optional.of(new CheckedRepository(directory, whole));
  }

  private static void index(Path directory, StageReport report)
      throws BuildException, IOException, InterruptedException {
    Path out = Files.createDirectory(directory.resolve("out"));
    try {
      Sandbox.ofHostPrograms()
          .with("LC_ALL", "C.UTF-8")
          .readOnly(directory, "/repository")
          .writable(out, "/out")
          .command(
              "/usr/bin/createrepo_c", "--no-database", "--outputdir=/out", "--", "/repository")
          .output(report::info)
          .check();
      addModules(directory, out, report);
    } catch (SubprocessException e) {
      throw new BuildException(
          FailureCode.TOOL_MISSING,
          "the checked packages cannot be made a repository: createrepo_c " + e.reason(),
          "Install createrepo_c on the host, or set installer = \"direct\".",
          e);
    }
    Files.move(out.resolve("repodata"), directory.resolve("repodata"));
    WorkArea.remove(out);
  }

  private static void addModules(Path directory, Path out, StageReport report)
      throws IOException, InterruptedException {
    String modules = ModuleMetadata.of(directory.resolve("packages"));
    if (modules.isEmpty()) {
      return;
    }
    Path file = Files.writeString(directory.resolve("modules.yaml"), modules);
    Sandbox.ofHostPrograms()
        .with("LC_ALL", "C.UTF-8")
        .readOnly(file, "/modules.yaml")
        .writable(out, "/out")
        .command("/usr/bin/modifyrepo_c", "--mdtype=modules", "/modules.yaml", "/out/repodata")
        .output(report::info)
        .check();
  }
}
