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
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** RPM packages: libdnf fetches them, the host's rpm checks and installs them. */
final class RpmPackaging implements Packaging {
  private final JobSpec job;
  private final RpmSettings rpm;
  private final RpmArchives fetching;
  private final OptionalLong sourceDateEpoch;
  private final Path treePath;
  private FetchedArchives archives;

  RpmPackaging(JobSpec job, JobSettings settings, Path work, Path treePath) throws IOException {
    this.job = job;
    this.rpm = RpmSettings.load(settings.shareDir(), settings.target());
    this.fetching = new RpmArchives(job, settings, rpm, work);
    this.sourceDateEpoch = settings.sourceDateEpoch();
    this.treePath = treePath;
    this.archives = FetchedArchives.NONE;
  }

  @Override
  public void fetch(StageReport report) throws BuildException, IOException, InterruptedException {
    archives = fetching.fetch(fetching.keys(report), report);
  }

  @Override
  public void install(StageReport report) throws BuildException, IOException, InterruptedException {
    RpmInstallation installation =
        new RpmInstallation(treePath, archives, rpm.database(), sourceDateEpoch, report);
    installation.run();
    WorkArea.remove(archives.directory());
    Set<String> wanted =
        job.allPackages(PackageFamily.RPM).map(pkg -> nevra(pkg, true)).collect(Collectors.toSet());
    InstalledPackages.check(installation.installed(), wanted);
  }

  @Override
  public void writeSources(StageReport report)
      throws BuildException, IOException, InterruptedException {
    new RpmImageSources(new Tree(treePath), fetching.helper(), report)
        .write(job.sources(), job.proxy());
  }

  /** {@code name-[epoch:]version-release.architecture}. */
  static String nevra(PackageSpec pkg, boolean epoch) {
    String version = epoch ? pkg.fullVersion() : pkg.version() + "-" + pkg.release();
    return pkg.name() + "-" + version + "." + pkg.architecture();
  }
}
