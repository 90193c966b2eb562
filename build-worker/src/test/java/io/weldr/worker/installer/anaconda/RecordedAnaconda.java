package io.weldr.worker.installer.anaconda;

import io.weldr.worker.build.Jobs;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartParser;
import io.weldr.worker.spec.AnacondaProgram;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.StageReport;
import io.weldr.worker.spec.TestMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * Runs the installer on the recorded stand-in, in a directory that its private /tmp does not hide.
 */
final class RecordedAnaconda implements StageReport {
  static final AnacondaLimits PATIENT =
      new AnacondaLimits(
          Duration.ofMinutes(2),
          Duration.ofMinutes(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));

  private static final Path RESOURCES = Path.of("src/test/resources/anaconda");

  final Path directory =
      Path.of("target/recorded-anaconda", UUID.randomUUID().toString()).toAbsolutePath();
  final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  final List<Long> percents = Collections.synchronizedList(new ArrayList<>());

  private final AnacondaLimits limits;

  RecordedAnaconda(String transcript, AnacondaLimits limits) throws IOException {
    this.limits = limits;
    Files.createDirectories(directory.resolve("work"));
    Files.createDirectories(directory.resolve("results"));
    Files.copy(
        RESOURCES.resolve("recorded-anaconda"), program(), StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(RESOURCES.resolve(transcript + ".transcript"), directory.resolve("transcript"));
  }

  static RecordedAnaconda playing(String transcript) throws IOException {
    return new RecordedAnaconda(transcript, PATIENT);
  }

  void install() throws BuildException, IOException, InterruptedException {
    install(new AnacondaTarget.Directory(tree()));
  }

  void install(AnacondaTarget target) throws BuildException, IOException, InterruptedException {
    install("lang en_US.UTF-8\n", target);
  }

  /** With commands of a kickstart that has no packages. */
  void install(String commands, AnacondaTarget target)
      throws BuildException, IOException, InterruptedException {
    installer(
            Jobs.job(List.of(), List.of(), Customizations.NONE, TestMode.NONE),
            kickstart(commands + "%packages\n%end\n"),
            target)
        .install(this);
  }

  /** Fetches and installs what a job says, into {@link #tree}. */
  void carryOut(JobSpec job, String kickstart)
      throws BuildException, IOException, InterruptedException {
    AnacondaInstaller installer =
        installer(job, kickstart(kickstart), new AnacondaTarget.Directory(tree()));
    installer.fetch(this);
    installer.install(this);
  }

  private AnacondaInstaller installer(JobSpec job, Kickstart kickstart, AnacondaTarget target) {
    return new AnacondaInstaller(
        new AnacondaProgram(program(), "Fedora", "33", 60),
        limits,
        job,
        TestSettings.of(directory),
        kickstart,
        target);
  }

  private static Kickstart kickstart(String text) throws IOException {
    try {
      return KickstartParser.document(text);
    } catch (KickstartException e) {
      throw new IOException(e);
    }
  }

  Path program() {
    return directory.resolve("recorded-anaconda");
  }

  Path tree() {
    return directory.resolve("work/tree");
  }

  Path logs() {
    return directory.resolve("results/logs/anaconda");
  }

  @Override
  public void info(String line) {
    lines.add(line);
  }

  @Override
  public void warning(String line) {
    lines.add(line);
  }

  @Override
  public void progress(long done, long total) {
    percents.add(100 * done / total);
  }
}
