package io.weldr.worker.installer;

import io.weldr.worker.host.WorkArea;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Debian packages: apt fetches them, dpkg installs them. */
final class DebianPackaging implements Packaging {
  private static final String FORMAT =
      "${Package}:${Architecture}=${Version} ${db:Status-Status}\\n";

  private final JobSpec job;
  private final PackageHelper helper;
  private final PackageCache cache;
  private final Optional<BaseTrees> bases;
  private final GitArchives made;
  private final Path work;
  private final Path treePath;
  private final Tree tree;
  private FetchedPackages packages = FetchedPackages.of(FetchedArchives.NONE);

  DebianPackaging(JobSpec job, JobSettings settings, Path work, Path treePath) {
    this.job = job;
    this.helper = new PackageHelper(settings.shareDir(), PackageAdapter.APT);
    this.cache = new PackageCache(settings.cacheDir(), job.composeId());
    // The same again does not depend on what is in a cache.
    this.bases =
        settings.sourceDateEpoch().isPresent()
            ? Optional.empty()
            : Optional.of(new BaseTrees(settings.cacheDir(), job.composeId()));
    this.made = new GitArchives(job, settings, PackageFamily.APT);
    this.work = work;
    this.treePath = treePath;
    this.tree = new Tree(treePath, settings.sourceDateEpoch());
  }

  @Override
  public void fetch(StageReport report) throws BuildException, IOException, InterruptedException {
    packages =
        FetchedPackages.of(
            made.addedTo(
                FetchedArchives.fetch(helper, cache, job, work, FetchedPackages::fileName, report),
                FetchedPackages::fileName,
                report));
  }

  @Override
  public void install(StageReport report) throws BuildException, IOException, InterruptedException {
    new DebianInstallation(treePath, tree, packages, bases, report).run();
    WorkArea.remove(packages.directory());
    Set<String> installed =
        tree.lines("/usr/bin/dpkg-query", "--show", "--showformat=" + FORMAT)
            .map(TreeSet::new)
            .orElseThrow(() -> InstalledPackages.failed("dpkg cannot list the packages"));
    Set<String> wanted =
        job.allPackages(PackageFamily.APT).map(DebianPackaging::line).collect(Collectors.toSet());
    InstalledPackages.check(installed, wanted);
    List<String> audit =
        tree.lines("/usr/bin/dpkg", "--audit")
            .orElseThrow(() -> InstalledPackages.failed("dpkg finds fault with the packages"));
    if (!audit.isEmpty()) {
      throw InstalledPackages.failed("dpkg finds fault with the packages: " + audit.getFirst());
    }
  }

  private static String line(PackageSpec pkg) {
    return "%s:%s=%s installed".formatted(pkg.name(), pkg.architecture(), pkg.fullVersion());
  }

  @Override
  public void writeSources(StageReport report)
      throws BuildException, IOException, InterruptedException {
    new ImageSources(tree, helper, work, report).write(job.sources());
  }
}
