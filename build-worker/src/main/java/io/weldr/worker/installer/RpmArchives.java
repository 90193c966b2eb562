package io.weldr.worker.installer;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Path;

/** The RPM packages of a compose: fetched by libdnf, checked, and made of git repositories. */
final class RpmArchives {
  private final JobSpec job;
  private final PackageHelper helper;
  private final PackageCache cache;
  private final GitArchives made;
  private final Path work;

  /**
   * @param work directory of this compose that only root can enter
   */
  RpmArchives(JobSpec job, JobSettings settings, RpmSettings rpm, Path work) {
    this.job = job;
    this.helper = new PackageHelper(settings.shareDir(), PackageAdapter.dnf(rpm.releasever()));
    this.cache = new PackageCache(settings.cacheDir(), job.composeId());
    this.made = new GitArchives(job, settings, PackageFamily.RPM);
    this.work = work;
  }

  PackageHelper helper() {
    return helper;
  }

  /** By which packages of the job must be signed. */
  RpmKeys keys(StageReport report) throws BuildException, IOException, InterruptedException {
    return RpmKeys.of(job, helper, report);
  }

  /**
   * All of them, in {@code packages} of the directory.
   *
   * @throws BuildException BAD_SIGNATURE when one is not signed as its source asks for
   */
  FetchedArchives fetch(RpmKeys keys, StageReport report)
      throws BuildException, IOException, InterruptedException {
    FetchedArchives archives =
        FetchedArchives.fetch(helper, cache, job, work, RpmArchives::fileName, report);
    new RpmSignatures(archives, work, report).check(keys);
    return madeOfGit(archives, report);
  }

  /** The given ones and those that are made here. */
  FetchedArchives madeOfGit(FetchedArchives archives, StageReport report)
      throws BuildException, IOException, InterruptedException {
    return made.addedTo(archives, RpmArchives::fileName, report);
  }

  private static String fileName(PackageSpec pkg) {
    return RpmPackaging.nevra(pkg, false) + ".rpm";
  }
}
