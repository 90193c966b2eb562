package io.weldr.worker.installer;

import io.weldr.worker.host.Access;
import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.installer.git.GitPackages;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.GitPackage;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Puts packages made of git repositories beside those that were fetched. */
final class GitArchives {
  private final JobSpec job;
  private final JobSettings settings;
  private final PackageFamily family;

  GitArchives(JobSpec job, JobSettings settings, PackageFamily family) {
    this.job = job;
    this.settings = settings;
    this.family = family;
  }

  /**
   * Makes the packages. They are kept with the results too, in {@code repo}.
   *
   * @param naming the base name of an archive
   * @return the given archives and these
   */
  FetchedArchives addedTo(
      FetchedArchives fetched, Function<PackageSpec, String> naming, StageReport report)
      throws BuildException, IOException, InterruptedException {
    if (job.gitPackages().isEmpty()) {
      return fetched;
    }
    Map<GitPackage, Path> made =
        new GitPackages(family, settings.git(), report)
            .make(job.gitPackages(), settings.workDir().resolve("git"));
    Path kept = keptDirectory();
    Map<PackageSpec, String> files = new LinkedHashMap<>(fetched.files());
    for (Map.Entry<GitPackage, Path> one : made.entrySet()) {
      PackageSpec named = one.getKey().asPackage(family);
      String name = naming.apply(named);
      Files.copy(one.getValue(), fetched.directory().resolve(name), LinkOption.NOFOLLOW_LINKS);
      Path copy = kept.resolve(name);
      Files.deleteIfExists(copy);
      Files.copy(one.getValue(), copy, LinkOption.NOFOLLOW_LINKS);
      DurableFiles.apply(copy, Access.groupFile(settings.groupGid()));
      files.put(named, name);
    }
    return new FetchedArchives(fetched.directory(), files, fetched.answer());
  }

  private Path keptDirectory() throws IOException {
    Path directory = settings.resultsDir().resolve("repo");
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      DurableFiles.createDirectory(directory, Access.groupDirectory(settings.groupGid()));
    }
    return directory;
  }
}
