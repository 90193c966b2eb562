package io.weldr.worker.installer;

import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Carries out a final kickstart with the family's own package manager, for the packages that were
 * solved beforehand.
 */
public final class DirectInstaller implements Installer {
  private final TreeConfiguration configuration;
  private final PackageFamily family;
  private final Packaging packaging;
  private final Path treePath;
  private final Tree tree;
  private final Optional<BootPlan> boot;

  /**
   * @param work scratch directory of this compose that only root can enter
   * @param treePath where the tree will be; must not be there yet
   * @param boot the file systems the tree will be on; empty when it is not told beforehand
   * @throws KickstartException when the kickstart asks for something this cannot do
   * @throws IOException when the distribution's file of the installed data cannot be read
   */
  public DirectInstaller(
      JobSpec job,
      JobSettings settings,
      Kickstart kickstart,
      Path work,
      Path treePath,
      Optional<BootPlan> boot)
      throws KickstartException, IOException {
    this.configuration = TreeConfiguration.of(kickstart);
    Path file = settings.target().file(settings.shareDir());
    this.family = Distribution.load(file).family();
    this.packaging =
        switch (family) {
          case APT -> new DebianPackaging(job, settings, work, treePath);
          case RPM -> new RpmPackaging(job, settings, work, treePath);
        };
    this.treePath = treePath;
    this.tree = new Tree(treePath, settings.sourceDateEpoch());
    this.boot = boot;
  }

  @Override
  public void fetch(StageReport report) throws BuildException, IOException, InterruptedException {
    packaging.fetch(report);
  }

  @Override
  public void install(StageReport report) throws BuildException, IOException, InterruptedException {
    packaging.install(report);
  }

  @Override
  public void configure(StageReport report)
      throws BuildException, IOException, InterruptedException {
    new Accounts(tree).make(configuration);
    report.progress(1, 7);
    new Regional(tree, family).set(configuration);
    report.progress(2, 7);
    new SystemSetup(tree, family, report).set(configuration);
    report.progress(3, 7);
    packaging.writeSources(report);
    report.progress(4, 7);
    new PostScripts(tree, report).run(configuration.scripts());
    report.progress(5, 7);
    makeBootable(report);
    new Depersonalization(tree).run();
    report.progress(6, 7);
    new SecurityLabels(treePath, tree, report).set(configuration.selinux());
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
