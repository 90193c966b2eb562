package io.weldr.worker.installer.anaconda;

import io.weldr.worker.host.DeviceMapper;
import io.weldr.worker.host.LoopDevices;
import io.weldr.worker.host.StopRequest;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.installer.CheckedRepository;
import io.weldr.worker.installer.Installer;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.KickstartWriter;
import io.weldr.worker.spec.AnacondaProgram;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.StageReport;
import io.weldr.worker.spec.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets Anaconda carry out a final kickstart: {@code anaconda --kickstart FILE --cmdline} with
 * {@code --dirinstall} or {@code --image}.
 *
 * <p>Security: Anaconda is root and trusted like dnf or rpm are; it reads a kickstart made of
 * root's template and quoted values. It gets a view of the host of its own ({@link AnacondaView}),
 * and all that it mounts, starts or leaves there ends with its namespaces. Devices it makes are
 * found by their backing file and by the name of the disk.
 */
public final class AnacondaInstaller implements Installer {
  private static final String KICKSTART = "final-kickstart.ks";

  /** Preloaded as livemedia-creator does: some architectures cannot load it later (static TLS). */
  private static final String OPENMP = "libgomp.so.1";

  private final AnacondaProgram anaconda;
  private final AnacondaLimits limits;
  private final JobSettings settings;
  private final AnacondaTarget target;
  private final JobSpec job;
  private Kickstart kickstart;

  /**
   * @param target in the work area of the settings
   * @param hostSources for each id of a source of the host the options of {@code repo} that say
   *     where it is
   * @throws KickstartException when Anaconda cannot use a source
   */
  public AnacondaInstaller(
      AnacondaProgram anaconda,
      JobSpec job,
      JobSettings settings,
      Kickstart kickstart,
      Map<String, List<String>> hostSources,
      AnacondaTarget target)
      throws KickstartException {
    this(
        anaconda,
        AnacondaLimits.usual(anaconda.timeoutMinutes()),
        job,
        settings,
        AnacondaKickstart.of(kickstart, hostSources),
        target);
  }

  AnacondaInstaller(
      AnacondaProgram anaconda,
      AnacondaLimits limits,
      JobSpec job,
      JobSettings settings,
      Kickstart kickstart,
      AnacondaTarget target) {
    this.anaconda = anaconda;
    this.limits = limits;
    this.job = job;
    this.settings = settings;
    this.kickstart = kickstart;
    this.target = target;
  }

  /**
   * Anaconda downloads packages itself and takes them as they are; those that must be signed are
   * therefore downloaded and checked here, and it gets no others.
   */
  @Override
  public void fetch(StageReport report) throws BuildException, IOException, InterruptedException {
    Path directory = settings.workDir().resolve("repository");
    Optional<CheckedRepository> repository =
        CheckedRepository.make(job, settings, directory, report);
    if (repository.isEmpty()) {
      report.info("Anaconda downloads the packages when it installs them, signed or not");
      return;
    }
    Target target = settings.target();
    Distribution distribution =
        Distribution.load(target.file(settings.shareDir())).forRelease(target.version());
    Path inView = AnacondaView.inView(settings, directory);
    try {
      kickstart = CheckedKickstart.of(kickstart, job, repository.get(), inView, distribution);
    } catch (KickstartException e) {
      throw wrongTemplate(e);
    }
  }

  @Override
  public void install(StageReport report) throws BuildException, IOException, InterruptedException {
    try {
      carryOut(report);
    } catch (KickstartException e) {
      throw wrongTemplate(e);
    }
  }

  private static BuildException wrongTemplate(KickstartException e) {
    return new BuildException(FailureCode.INTERNAL, e.getMessage(), "Correct the template.", e);
  }

  private void carryOut(StageReport report)
      throws BuildException, KickstartException, IOException, InterruptedException {
    warnOfMissingLocale(report);
    AnacondaView view = AnacondaView.make(settings, AnacondaKickstart.directories(kickstart));
    AnacondaVersion version = AnacondaVersion.ask(arguments -> question(view, arguments));
    report.info("Anaconda " + version.text());
    prepare(view);
    StopRequest stop = new StopRequest(settings.workDir().getParent());
    stop.listen();
    try {
      new AnacondaRun(limits, view.tmp(), stop, report).run(command(version, view));
    } finally {
      try {
        keepLogs(view.tmp(), report);
        stop.listenNoMore();
      } finally {
        release();
      }
    }
  }

  /** That they cannot be kept, on a full disk perhaps, must not hide why Anaconda failed. */
  private void keepLogs(Path logs, StageReport report) {
    try {
      AnacondaLogs.keep(logs, settings.resultsDir(), settings.groupGid());
    } catch (IOException e) {
      report.warning("Anaconda's logs are not kept: " + e);
    }
  }

  /** Anaconda has done what the kickstart says; only labels may be missing. */
  @Override
  public void configure(StageReport report) throws IOException, InterruptedException {
    switch (target) {
      case AnacondaTarget.Directory directory -> {
        LeftKickstarts.remove(directory.tree());
        SelinuxLabels.set(directory.tree(), report);
      }
      case AnacondaTarget.Disk disk ->
          new InstalledDisk(disk.file()).finish(settings.workDir().resolve("installed"), report);
    }
  }

  /** Puts in place what it reads and writes. */
  private void prepare(AnacondaView view)
      throws KickstartException, IOException, InterruptedException {
    Files.writeString(view.tmp().resolve(KICKSTART), KickstartWriter.write(kickstart));
    // Its script that copies logs into the system fails without these.
    Files.createFile(view.tmp().resolve("NOSAVE_INPUT_KS"));
    Files.createFile(view.tmp().resolve("NOSAVE_LOGS"));
    switch (target) {
      case AnacondaTarget.Directory directory -> Files.createDirectory(directory.tree());
      case AnacondaTarget.Disk disk ->
          Subprocess.of("/usr/bin/truncate", "--size=" + disk.bytes(), "--", disk.file().toString())
              .check();
    }
  }

  private Subprocess question(AnacondaView view, List<String> arguments) {
    List<String> argv = new ArrayList<>(List.of(anaconda.program().toString()));
    argv.addAll(arguments);
    return view.command(argv, Optional.empty());
  }

  private Subprocess command(AnacondaVersion version, AnacondaView view) {
    List<String> argv =
        new ArrayList<>(List.of(anaconda.program().toString(), "--kickstart", "/tmp/" + KICKSTART));
    argv.add("--cmdline");
    argv.addAll(version.options());
    Optional<Path> tree = Optional.empty();
    switch (target) {
      case AnacondaTarget.Directory directory -> {
        argv.add("--dirinstall");
        tree = Optional.of(directory.tree());
      }
      case AnacondaTarget.Disk disk ->
          argv.addAll(List.of("--image", AnacondaView.inView(settings, disk.file()).toString()));
    }
    Subprocess command =
        view.command(argv, tree)
            // What it prints into a pipe is to be read before it sleeps or ends.
            .environment("PYTHONUNBUFFERED", "1")
            // udev confirms new mappings by a semaphore, which this IPC namespace does not have.
            .environment("DM_DISABLE_UDEV", "1")
            .environment("ANACONDA_PRODUCTNAME", anaconda.productName())
            .environment("ANACONDA_PRODUCTVERSION", anaconda.productVersion());
    return Files.exists(Path.of("/usr/lib64", OPENMP))
        ? command.environment("LD_PRELOAD", OPENMP)
        : command;
  }

  /** A host without it lets Anaconda fail in many ways, of which few name it. */
  private static void warnOfMissingLocale(StageReport report) throws InterruptedException {
    List<String> locales = Collections.synchronizedList(new ArrayList<>());
    try {
      Subprocess.of("/usr/bin/locale", "-a").output(locales::add).check();
    } catch (SubprocessException e) {
      return;
    }
    if (locales.stream().noneMatch(name -> name.matches("en_US\\.(utf8|UTF-8)"))) {
      report.warning(
          "The host lacks the locale en_US.UTF-8, which Anaconda needs: install glibc-langpack-en");
    }
  }

  /** What outlives its namespaces: mappings of the disk, and the loop device below them. */
  private void release() throws IOException, InterruptedException {
    if (target instanceof AnacondaTarget.Disk disk) {
      String name = disk.file().getFileName().toString();
      int dot = name.lastIndexOf('.');
      DeviceMapper.removeBeginning(dot < 0 ? name : name.substring(0, dot));
      LoopDevices.detachBelow(settings.workDir());
    }
  }
}
