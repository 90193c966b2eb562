package io.weldr.worker.installer;

import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Path;

/** Carries out a final kickstart with dpkg, for the packages that were solved beforehand. */
public final class DirectInstaller implements Installer {
  private final JobSpec job;
  private final TreeConfiguration configuration;
  private final AptHelper helper;
  private final PackageCache cache;
  private final Path work;
  private final Path treePath;
  private final Tree tree;
  private FetchedPackages packages;

  /**
   * @param work scratch directory of this compose that only root can enter
   * @param treePath where the tree will be; must not be there yet
   * @throws KickstartException when the kickstart asks for something this cannot do
   */
  public DirectInstaller(
      JobSpec job, JobSettings settings, Kickstart kickstart, Path work, Path treePath)
      throws KickstartException {
    this.job = job;
    this.configuration = TreeConfiguration.of(kickstart);
    this.helper = new AptHelper(settings.shareDir());
    this.cache = new PackageCache(settings.cacheDir());
    this.work = work;
    this.treePath = treePath;
    this.tree = new Tree(treePath);
    this.packages = FetchedPackages.NONE;
  }

  @Override
  public void fetch(StageReport report) throws BuildException, IOException, InterruptedException {
    packages = FetchedPackages.fetch(helper, cache, job, work, report);
  }

  @Override
  public void install(StageReport report) throws BuildException, IOException, InterruptedException {
    new DebianInstallation(treePath, packages, report).run();
    InstalledPackages.check(tree, job.packages());
  }

  @Override
  public void configure(StageReport report)
      throws BuildException, IOException, InterruptedException {
    new Accounts(tree).make(configuration);
    report.progress(1, 6);
    new Regional(tree).set(configuration);
    report.progress(2, 6);
    SystemSetup system = new SystemSetup(tree, report);
    system.set(configuration);
    report.progress(3, 6);
    new ImageSources(tree, helper, work, report).write(job.sources());
    report.progress(4, 6);
    system.runScripts(configuration.scripts());
    report.progress(5, 6);
    new Depersonalization(tree).run();
  }
}
