package io.weldr.worker.installer.anaconda;

import io.weldr.worker.host.HostView;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.JobSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The host as one run of Anaconda sees it.
 *
 * <p>Security: /tmp, /run, /mnt, /root and /etc are not the host's, and the kernel's command line,
 * whose options Anaconda would take for its own, is empty; what it writes, mounts, starts or leaves
 * there ends with it. Directories of the host that hold package sources stay in sight.
 */
final class AnacondaView {
  /** Where it has the work area, wherever the host has it. */
  private static final Path WORK = Path.of("/run/work");

  private static final List<Path> HIDDEN =
      List.of(Path.of("/tmp"), Path.of("/run"), Path.of("/mnt"), Path.of("/root"));

  /** What of the host's /run is seen: where /etc/resolv.conf may lead to, and what udev knows. */
  private static final List<String> RUN =
      List.of("systemd/resolve", "NetworkManager", "resolvconf", "udev");

  private final JobSettings settings;
  private final Path area;
  private final List<Path> sources;

  private AnacondaView(JobSettings settings, Path area, List<Path> sources) {
    this.settings = settings;
    this.area = area;
    this.sources = sources;
  }

  /**
   * Makes what only this run sees.
   *
   * @param sources directories of the host that hold package sources
   */
  static AnacondaView make(JobSettings settings, List<Path> sources)
      throws IOException, InterruptedException {
    Path area = Files.createDirectory(settings.workDir().resolve("anaconda"));
    Subprocess.of("/usr/bin/cp", "--archive", "--", "/etc", area.resolve("etc").toString()).check();
    mode("0755", Files.createDirectory(area.resolve("run")));
    Files.createFile(area.resolve("cmdline"));
    mode("1777", Files.createDirectory(area.resolve("tmp")));
    return new AnacondaView(
        settings,
        area,
        sources.stream().filter(AnacondaView::isHidden).filter(Files::isDirectory).toList());
  }

  private static void mode(String mode, Path directory) throws IOException, InterruptedException {
    Subprocess.of("/usr/bin/chmod", mode, "--", directory.toString()).check();
  }

  private static boolean isHidden(Path directory) {
    return HIDDEN.stream().anyMatch(directory::startsWith);
  }

  /** The directory that Anaconda knows as /tmp. */
  Path tmp() {
    return area.resolve("tmp");
  }

  /** A file of the work area, as Anaconda names it. */
  static Path inView(JobSettings settings, Path file) {
    return WORK.resolve(settings.workDir().relativize(file));
  }

  /**
   * A run of a program.
   *
   * @param tree what it installs into a directory; empty when it does not
   */
  Subprocess command(List<String> argv, Optional<Path> tree) {
    Path run = area.resolve("run");
    HostView view = HostView.whole().directory(settings.workDir(), run.resolve("work").toString());
    for (String name : RUN) {
      Path there = Path.of("/run", name);
      if (Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS)) {
        view = view.directory(there, run.resolve(name).toString());
      }
    }
    for (int i = 0; i < sources.size(); i++) {
      view = view.directory(sources.get(i), run.resolve(source(i)).toString());
    }
    view = view.directory(run, "/run").fresh("/mnt").fresh("/root");
    if (tree.isPresent()) {
      view = view.directory(inView(settings, tree.get()), "/mnt/sysimage");
    }
    view =
        view.directory(inView(settings, area.resolve("etc")), "/etc")
            .file(inView(settings, area.resolve("cmdline")), "/proc/cmdline")
            .directory(inView(settings, tmp()), "/tmp");
    for (int i = 0; i < sources.size(); i++) {
      view = view.directory(Path.of("/run", source(i)), sources.get(i).toString());
    }
    return view.command(argv).environment("HOME", "/root").environment("LANG", "en_US.UTF-8");
  }

  private static String source(int index) {
    return "sources/" + index;
  }
}
