package io.weldr.worker.installer.anaconda;

import io.weldr.worker.installer.CheckedRepository;
import io.weldr.worker.kickstart.Command;
import io.weldr.worker.kickstart.Distribution;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.PackageSource;
import io.weldr.worker.kickstart.Packages;
import io.weldr.worker.kickstart.Section;
import io.weldr.worker.kickstart.TimeSource;
import io.weldr.worker.kickstart.TimeZone;
import io.weldr.worker.spec.JobSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A final kickstart whose packages come from a {@link CheckedRepository}.
 *
 * <p>One that has every package takes the place of all sources. It has no groups, and needs none:
 * the packages of the group core were solved with the others and are named one by one.
 */
public final class CheckedKickstart {
  private static final String NO_CORE = "--nocore";
  private static final String TIME_DAEMON = "chrony";

  /** Name of the repository of packages that were made here, as lorax-composer calls it. */
  private static final String MADE = "gitrpms";

  private CheckedKickstart() {}

  /**
   * Makes it.
   *
   * @param directory of the repository as Anaconda sees it
   * @param distribution the release whose Anaconda reads it
   * @throws KickstartException when the template has sources of its own, whose packages nobody
   *     would check
   */
  static Kickstart of(
      Kickstart kickstart,
      JobSpec job,
      CheckedRepository repository,
      Path directory,
      Distribution distribution)
      throws KickstartException {
    String address = "file://" + directory;
    List<Section> sections = new ArrayList<>();
    if (!repository.whole()) {
      sections.addAll(kickstart.sections());
      sections.addFirst(
          new Command(PackageSource.REPO, List.of("--name=" + MADE, "--baseurl=" + address)));
      return new Kickstart(sections);
    }
    int sources = 0;
    sections.add(new Command(PackageSource.URL, List.of("--url=" + address)));
    for (Section section : kickstart.sections()) {
      if (section instanceof Command command && PackageSource.isOne(command)) {
        sources++;
      } else if (section instanceof Command command
          && isBare(command, kickstart)
          && !hasTimeDaemon(job)) {
        sections.addAll(withoutTimeDaemon(command, distribution));
      } else if (section instanceof Packages packages) {
        sections.add(new Packages(with(packages.options(), NO_CORE), packages.entries()));
      } else {
        sections.add(section);
      }
    }
    if (sources > job.sources().size()) {
      throw unchecked();
    }
    return new Kickstart(sections);
  }

  /**
   * Tells early what cannot be carried out.
   *
   * @throws KickstartException when the template has sources of its own, and packages must be
   *     signed
   */
  public static void check(JobSpec job, Kickstart template) throws KickstartException {
    if (CheckedRepository.isSigned(job)
        && template.commands().stream().anyMatch(PackageSource::isOne)) {
      throw unchecked();
    }
  }

  private static KickstartException unchecked() {
    return new KickstartException(
        "the template has url or repo of its own, whose packages nobody would check for signatures"
            + " as a source asks for; make it a source, or set check_gpg to false");
  }

  /** Without this, Anaconda insists on a package that was not solved. */
  private static List<Command> withoutTimeDaemon(Command timezone, Distribution distribution) {
    return distribution.takes(TimeZone.SERVERS)
        ? List.of(new Command(timezone.name(), with(timezone.arguments(), TimeZone.NO_NTP)))
        : List.of(timezone, TimeSource.NONE);
  }

  /** A time zone in a kickstart that does not say where the time comes from. */
  private static boolean isBare(Command command, Kickstart kickstart) {
    return command.name().equals(TimeZone.NAME)
        && command.arguments().stream().noneMatch(word -> word.startsWith("--ntpservers"))
        && kickstart.commands(TimeSource.NAME).isEmpty();
  }

  private static boolean hasTimeDaemon(JobSpec job) {
    return job.packages().stream().anyMatch(pkg -> pkg.name().equals(TIME_DAEMON));
  }

  private static List<String> with(List<String> words, String word) {
    List<String> all = new ArrayList<>(words);
    if (!all.contains(word)) {
      all.add(word);
    }
    return all;
  }
}
