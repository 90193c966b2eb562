package io.weldr.worker.build;

import io.weldr.worker.host.Access;
import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.host.Failpoint;
import io.weldr.worker.image.Checksum;
import io.weldr.worker.image.DiskIds;
import io.weldr.worker.image.ImageSpec;
import io.weldr.worker.image.OutputType;
import io.weldr.worker.installer.BootPlan;
import io.weldr.worker.installer.CheckedRepository;
import io.weldr.worker.installer.DirectInstaller;
import io.weldr.worker.installer.Installer;
import io.weldr.worker.installer.anaconda.AnacondaInstaller;
import io.weldr.worker.installer.anaconda.AnacondaTarget;
import io.weldr.worker.installer.anaconda.HostRepositories;
import io.weldr.worker.kickstart.BootLoader;
import io.weldr.worker.kickstart.DiskLayout;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import io.weldr.worker.spec.AnacondaProgram;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageFamily;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The recipe of one compose: from a final kickstart and frozen packages to a published image.
 *
 * <p>Security: works in a directory that only root can enter, and publishes by rename into a
 * results directory that only root can write.
 */
final class Compose {
  static final String FINAL_KICKSTART = "final-kickstart.ks";

  private static final byte[] TEST_IMAGE = "TEST IMAGE".getBytes(StandardCharsets.US_ASCII);

  private final JobSpec job;
  private final JobSettings settings;
  private final OutputType type;
  private final Path tree;
  private final Path image;

  Compose(JobSpec job, JobSettings settings) throws IOException {
    this.job = job;
    this.settings = settings;
    this.type = OutputType.load(settings.shareDir(), job.outputType());
    this.tree = settings.workDir().resolve("tree");
    this.image = settings.workDir().resolve("image").resolve(type.imageName());
  }

  /** Builds and publishes; the event says what. */
  JobEvent.Finished run(Progress progress)
      throws BuildException, KickstartException, IOException, InterruptedException {
    return switch (job.testMode()) {
      case NONE -> build(progress);
      case FAIL -> fail(progress);
      case FINISH -> finish(progress);
    };
  }

  private JobEvent.Finished build(Progress progress)
      throws BuildException, KickstartException, IOException, InterruptedException {
    Path distribution = settings.target().file(settings.shareDir());
    PackageFamily family = Distribution.load(distribution).family();
    Optional<AnacondaProgram> anaconda = settings.anaconda();
    HostTools.check(family, type.tools());
    HostTools.check(family, installerTools(anaconda.isPresent()));
    Files.createDirectory(settings.workDir());
    Path kickstartFile = settings.resultsDir().resolve(FINAL_KICKSTART);
    Kickstart kickstart = KickstartParser.document(Files.readString(kickstartFile));
    if (anaconda.isPresent() && type.image() instanceof ImageSpec.Disk disk) {
      new AnacondaDisk(job, settings, type, disk).make(kickstart, image, progress);
      return published(progress);
    }
    DiskRequest request =
        anaconda.isPresent()
            ? DiskRequest.ofTree(kickstart)
            : DiskRequest.of(DiskLayout.of(kickstart));
    BootLoader bootLoader =
        type.image() instanceof ImageSpec.Iso ? BootLoader.in(kickstart) : BootLoader.DEFAULT;
    HostTools.check(family, request.rootType().tools());
    ImageBuild imageBuild =
        new ImageBuild(type, request, bootLoader, ids(kickstart), settings, tree, image);
    Installer installer = installer(kickstart, imageBuild.bootPlan(), anaconda);
    int count = job.packages().size();

    progress.during(Stage.FETCH, "Fetching %d packages".formatted(count), installer::fetch);
    progress.during(Stage.INSTALL, "Installing %d packages".formatted(count), installer::install);
    progress.during(Stage.CONFIGURE, "Applying the customizations", installer::configure);
    imageBuild.run(progress);
    return published(progress);
  }

  private List<String> installerTools(boolean anaconda) {
    if (!anaconda) {
      return type.directTools();
    }
    return CheckedRepository.isFor(job) ? CheckedRepository.TOOLS : List.of();
  }

  /** Of one compose alone, or of all that make the same image. */
  private DiskIds ids(Kickstart kickstart) {
    return new DiskIds(
        settings.sourceDateEpoch().isPresent()
            ? type.name() + " " + kickstart
            : job.composeId().toString());
  }

  private Installer installer(
      Kickstart kickstart, Optional<BootPlan> boot, Optional<AnacondaProgram> anaconda)
      throws BuildException, KickstartException, IOException, InterruptedException {
    if (anaconda.isEmpty()) {
      return new DirectInstaller(job, settings, kickstart, settings.workDir(), tree, boot);
    }
    return new AnacondaInstaller(
        anaconda.get(),
        job,
        settings,
        kickstart,
        HostRepositories.of(job, settings),
        new AnacondaTarget.Directory(tree));
  }

  private JobEvent.Finished fail(Progress progress)
      throws BuildException, IOException, InterruptedException {
    progress.during(Stage.TEST, "Testing: this compose will fail", report -> pause());
    throw new BuildException(
        FailureCode.TEST_FAILED,
        "this is a test: a compose started with test=1 always fails",
        "Start the compose without a test mode.");
  }

  private JobEvent.Finished finish(Progress progress)
      throws BuildException, IOException, InterruptedException {
    progress.during(Stage.TEST, "Testing: this compose makes no real image", report -> pause());
    Files.createDirectories(image.getParent());
    Files.write(image, TEST_IMAGE);
    return published(progress);
  }

  private void pause() throws InterruptedException {
    Thread.sleep(Duration.ofSeconds(settings.testComposeSeconds()));
  }

  private JobEvent.Finished published(Progress progress)
      throws BuildException, IOException, InterruptedException {
    long size = Files.size(image);
    Path target = settings.resultsDir().resolve(type.imageName());
    StringBuilder digest = new StringBuilder();
    progress.during(
        Stage.PUBLISH,
        "Publishing the image",
        report -> {
          digest.append(Checksum.sha256(image));
          writeChecksum(target, digest.toString());
          Failpoint.BEFORE_PUBLISH.hit();
          DurableFiles.publish(image, target, Access.groupFile(settings.groupGid()));
          Failpoint.PUBLISHED.hit();
        });
    return new JobEvent.Finished(
        System.currentTimeMillis(), type.imageName(), size, digest.toString());
  }

  /** Beside the image, as {@code sha256sum --check} reads it; there before the image is. */
  private void writeChecksum(Path target, String sha256) throws IOException {
    String name = target.getFileName().toString();
    DurableFiles.write(
        target.resolveSibling(name + ".sha256"),
        "%s  %s\n".formatted(sha256, name).getBytes(StandardCharsets.UTF_8),
        Access.groupFile(settings.groupGid()));
  }
}
