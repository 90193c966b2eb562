package io.weldr.worker;

import io.weldr.worker.build.FinalKickstart;
import io.weldr.worker.build.HostTools;
import io.weldr.worker.build.ImageBuilders;
import io.weldr.worker.image.OutputType;
import io.weldr.worker.installer.CheckedRepository;
import io.weldr.worker.job.Recipes;
import io.weldr.worker.job.RequestRefusedException;
import io.weldr.worker.job.RequestRefusedException.Reason;
import io.weldr.worker.job.StateLayout;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.TemplateText;
import io.weldr.worker.spec.AnacondaProgram;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.Target;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Recipes from the installed output types and distributions.
 *
 * <p>Security: reads only the share directory, which is root's; the type's name is one the share
 * directory has.
 */
final class InstalledRecipes implements Recipes {
  private static final Logger LOG = System.getLogger(InstalledRecipes.class.getName());

  private final Path shareDir;
  private final StateLayout layout;
  private final HostRelease release;
  private final Optional<AnacondaProgram> anaconda;

  /**
   * @param release the distribution images are made for
   * @param anaconda installs what it can; empty = the direct installer does
   */
  InstalledRecipes(
      Path shareDir, StateLayout layout, HostRelease release, Optional<AnacondaProgram> anaconda) {
    this.shareDir = shareDir;
    this.layout = layout;
    this.release = release;
    this.anaconda = anaconda;
  }

  @Override
  public Documents documents(JobSpec job) throws RequestRefusedException {
    if (!OutputType.exists(shareDir, job.outputType())) {
      throw new RequestRefusedException(
          Reason.INVALID, "output type \"" + job.outputType() + "\" is not installed on this host");
    }
    try {
      OutputType type = OutputType.load(shareDir, job.outputType());
      if (!ImageBuilders.supports(type.image())) {
        throw new RequestRefusedException(
            Reason.INVALID, "images of type \"" + type.name() + "\" cannot be made yet");
      }
      String template = TemplateText.read(OutputType.template(shareDir, type.name()));
      Target target = release.target(shareDir);
      Distribution distribution =
          Distribution.load(target.file(shareDir)).forRelease(target.version());
      if (anaconda.isPresent() && CheckedRepository.isFor(job)) {
        HostTools.check(PackageFamily.RPM, CheckedRepository.TOOLS);
      }
      String kickstart =
          FinalKickstart.render(job, type, template, distribution, anaconda.isPresent());
      String arguments = BuilderArguments.toml(job, type, release, layout.result(job.composeId()));
      long imageBytes = type.image().workBytes(job.treeBytes());
      return new Documents(template, kickstart, arguments, type.imageName(), imageBytes);
    } catch (BuildException e) {
      throw new RequestRefusedException(Reason.INVALID, e.getMessage() + "; " + e.hint());
    } catch (KickstartException e) {
      throw new RequestRefusedException(Reason.INVALID, e.getMessage());
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the installed files of output type " + job.outputType(), e);
      throw new RequestRefusedException(
          Reason.INVALID,
          "the installed files of output type \"" + job.outputType() + "\": " + e.getMessage());
    }
  }
}
