package io.weldr.worker.installer;

import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Carries out a final kickstart with dpkg, for the packages that were solved beforehand. */
public final class DirectInstaller implements Installer {
  private final JobSpec job;
  private final TreeConfiguration configuration;
  private final AptHelper helper;
  private final PackageCache cache;
  private final Path work;
  private final Path treePath;
  private final Tree tree;
  private final Optional<BootPlan> boot;
  private FetchedPackages packages;

  /**
   * @param work scratch directory of this compose that only root can enter
   * @param treePath where the tree will be; must not be there yet
   * @param boot the file systems the tree will be on; empty when it is not told beforehand
   * @throws KickstartException when the kickstart asks for something this cannot do
   */
  public DirectInstaller(
      JobSpec job,
      JobSettings settings,
      Kickstart kickstart,
      Path work,
      Path treePath,
      Optional<BootPlan> boot)
      throws KickstartException {
    this.job = job;
    this.configuration = TreeConfiguration.of(kickstart);
    this.helper = new AptHelper(settings.shareDir());
    this.cache = new PackageCache(settings.cacheDir());
    this.work = work;
    this.treePath = treePath;
    this.tree = new Tree(treePath);
    this.boot = boot;
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
    makeBootable(report);
    new Depersonalization(tree).run();
  }

  private void makeBootable(StageReport report)
      throws BuildException, IOException, InterruptedException {
    Optional<BootSetup> setup =
        boot.map(plan -> new BootSetup(tree, plan, configuration.bootLoader(), report));
    if (setup.isPresent()) {
      setup.get().writeMounts();
    }
    new InitialRamFileSystems(tree, report).make();
    if (setup.isPresent()) {
      setup.get().configureGrub();
    }
  }
}
