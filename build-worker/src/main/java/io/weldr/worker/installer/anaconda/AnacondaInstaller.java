package io.weldr.worker.installer.anaconda;

import io.weldr.worker.host.DeviceMapper;
import io.weldr.worker.host.HostView;
import io.weldr.worker.host.LoopDevices;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.installer.Installer;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.spec.AnacondaProgram;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lets Anaconda carry out a final kickstart: {@code anaconda --kickstart FILE --cmdline} with
 * {@code --dirinstall} or {@code --image}.
 *
 * <p>Security: Anaconda is root and trusted like dnf or rpm are; it reads a kickstart made of
 * root's template and quoted values. It gets a view of the host of its own: /tmp, /run, /mnt, /root
 * and /etc are not the host's, the kernel's command line (whose options it would take for its own)
 * is empty, and all that it mounts, starts or leaves there ends with its namespaces. Devices it
 * makes are found by their backing file and by the name of the disk.
 */
public final class AnacondaInstaller implements Installer {
  private static final AnacondaLimits LIMITS =
      new AnacondaLimits(
          Duration.ofHours(2),
          Duration.ofMinutes(20),
          Duration.ofSeconds(2),
          Duration.ofSeconds(20));

  /** Where the view has the work area, wherever the host has it. */
  private static final Path WORK = Path.of("/run/work");

  private static final String KICKSTART = "final-kickstart.ks";

  /** What of the host's /run is seen: where /etc/resolv.conf may lead to, and what udev knows. */
  private static final List<String> RUN =
      List.of("systemd/resolve", "NetworkManager", "resolvconf", "udev");

  /** Preloaded as livemedia-creator does: some architectures cannot load it later (static TLS). */
  private static final String OPENMP = "libgomp.so.1";

  private final AnacondaProgram anaconda;
  private final AnacondaLimits limits;
  private final JobSettings settings;
  private final AnacondaTarget target;
  private final String kickstart;

  /**
   * @param target in the work area of the settings
   * @param hostSources for each id of a source of the host the options of {@code repo} that say
   *     where it is
   * @throws KickstartException when Anaconda cannot use a source
   */
  public AnacondaInstaller(
      AnacondaProgram anaconda,
      JobSettings settings,
      Kickstart kickstart,
      Map<String, List<String>> hostSources,
      AnacondaTarget target)
      throws KickstartException {
    this(anaconda, LIMITS, settings, AnacondaKickstart.text(kickstart, hostSources), target);
  }

  AnacondaInstaller(
      AnacondaProgram anaconda,
      AnacondaLimits limits,
      JobSettings settings,
      String kickstart,
      AnacondaTarget target) {
    this.anaconda = anaconda;
    this.limits = limits;
    this.settings = settings;
    this.kickstart = kickstart;
    this.target = target;
  }

  /** Nothing to do: Anaconda downloads packages itself, when it installs them. */
  @Override
  public void fetch(StageReport report) {
    report.info("Anaconda downloads the packages when it installs them");
  }

  @Override
  public void install(StageReport report) throws BuildException, IOException, InterruptedException {
    AnacondaVersion version = AnacondaVersion.ask(anaconda.program());
    report.info("Anaconda " + version.text());
    Path area = Files.createDirectory(settings.workDir().resolve("anaconda"));
    Path logs = prepare(area);
    try {
      new AnacondaRun(limits, logs, report).run(command(version, area));
    } finally {
      try {
        keepLogs(logs, report);
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
      case AnacondaTarget.Directory directory -> SelinuxLabels.set(directory.tree(), report);
      case AnacondaTarget.Disk disk ->
          new InstalledDisk(disk.file()).finish(settings.workDir().resolve("installed"), report);
    }
  }

  /** Fills the area; returns the directory that will be /tmp. */
  private Path prepare(Path area) throws IOException, InterruptedException {
    Subprocess.of("/usr/bin/cp", "--archive", "--", "/etc", area.resolve("etc").toString()).check();
    Files.createDirectory(area.resolve("run"));
    Files.createFile(area.resolve("cmdline"));
    Path tmp = Files.createDirectory(area.resolve("tmp"));
    Subprocess.of("/usr/bin/chmod", "1777", tmp.toString()).check();
    Files.writeString(tmp.resolve(KICKSTART), kickstart);
    // Its script that copies logs into the system fails without these.
    Files.createFile(tmp.resolve("NOSAVE_INPUT_KS"));
    Files.createFile(tmp.resolve("NOSAVE_LOGS"));
    switch (target) {
      case AnacondaTarget.Directory directory -> Files.createDirectory(directory.tree());
      case AnacondaTarget.Disk disk ->
          Subprocess.of("/usr/bin/truncate", "--size=" + disk.bytes(), "--", disk.file().toString())
              .check();
    }
    return tmp;
  }

  private Subprocess command(AnacondaVersion version, Path area) {
    List<String> argv =
        new ArrayList<>(List.of(anaconda.program().toString(), "--kickstart", "/tmp/" + KICKSTART));
    argv.add("--cmdline");
    argv.addAll(version.options());
    switch (target) {
      case AnacondaTarget.Directory directory -> argv.add("--dirinstall");
      case AnacondaTarget.Disk disk ->
          argv.addAll(List.of("--image", inView(disk.file()).toString()));
    }
    Subprocess command =
        view(area)
            .command(argv)
            .environment("HOME", "/root")
            .environment("LANG", "en_US.UTF-8")
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

  private HostView view(Path area) {
    Path run = area.resolve("run");
    HostView view = HostView.whole().directory(settings.workDir(), run.resolve("work").toString());
    for (String name : RUN) {
      Path there = Path.of("/run", name);
      if (Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS)) {
        view = view.directory(there, run.resolve(name).toString());
      }
    }
    view = view.directory(run, "/run").fresh("/mnt").fresh("/root");
    if (target instanceof AnacondaTarget.Directory directory) {
      view = view.directory(inView(directory.tree()), "/mnt/sysimage");
    }
    return view.directory(inView(area.resolve("etc")), "/etc")
        .file(inView(area.resolve("cmdline")), "/proc/cmdline")
        .directory(inView(area.resolve("tmp")), "/tmp");
  }

  private Path inView(Path file) {
    return WORK.resolve(settings.workDir().relativize(file));
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
