package io.weldr.worker.build;

import io.weldr.worker.image.ImageSpec;
import io.weldr.worker.kickstart.AutomaticPartitions;
import io.weldr.worker.kickstart.BootLoader;
import io.weldr.worker.kickstart.Command;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.Partition;
import io.weldr.worker.kickstart.TimeZone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a final kickstart must be so that Anaconda makes an image of it: what livemedia-creator
 * checks, and what Anaconda passes over without an error.
 */
final class AnacondaRules {
  private static final Set<String> DISPLAYS = Set.of("cmdline", "graphical", "rdp", "text", "vnc");

  /** Commands that name what to install from; the last in the file would count. */
  private static final Set<String> OTHER_SOURCES =
      Set.of(
          "bootc", "cdrom", "harddrive", "hmc", "liveimg", "nfs", "ostreecontainer", "ostreesetup");

  private static final Set<String> ONE_FILE_SYSTEM = Set.of("/", "swap");
  private static final String LIVE = "dracut-live";
  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9+_-]+(/[A-Za-z0-9+_-]+)*");
  private static final Path ZONES = Path.of("/usr/share/zoneinfo");

  private AnacondaRules() {}

  /**
   * Checks it.
   *
   * @throws KickstartException with the first that is wrong
   */
  static void check(Kickstart kickstart, ImageSpec image) throws KickstartException {
    boolean oneFileSystem = image instanceof ImageSpec.Filesystem || image instanceof ImageSpec.Iso;
    for (Command command : kickstart.commands()) {
      if (DISPLAYS.contains(command.name())) {
        throw new KickstartException(
            "the kickstart command \""
                + command.name()
                + "\" chooses a display; Anaconda has none");
      }
      if (OTHER_SOURCES.contains(command.name())) {
        throw new KickstartException(
            "the kickstart command \""
                + command.name()
                + "\" installs something else than the packages of the sources; use url or repo");
      }
      if (command.name().equals(TimeZone.NAME)) {
        checkZone(command.arguments());
      }
      if (oneFileSystem) {
        checkPartition(command);
      }
    }
    if (image instanceof ImageSpec.Iso) {
      // The medium's boot menu is ours, and takes what the command says.
      BootLoader.in(kickstart);
      checkLive(kickstart);
    }
  }

  private static void checkLive(Kickstart kickstart) throws KickstartException {
    if (kickstart.packages().getFirst().entries().stream()
        .noneMatch(entry -> entry.startsWith(LIVE + "-"))) {
      throw new KickstartException(
          "a live system needs the package dracut-live; add it to the template");
    }
  }

  /** Anaconda goes on without a zone that it does not know. */
  private static void checkZone(List<String> words) throws KickstartException {
    for (String word : words) {
      if (!word.startsWith("--") && !isZone(word)) {
        String shown = word.length() > 80 ? word.substring(0, 80) + "…" : word;
        throw new KickstartException("there is no time zone \"" + shown + "\"");
      }
    }
  }

  private static boolean isZone(String name) {
    return ZoneId.getAvailableZoneIds().contains(name)
        || ZONE.matcher(name).matches() && Files.isRegularFile(ZONES.resolve(name));
  }

  private static void checkPartition(Command command) throws KickstartException {
    boolean partition = Set.of(Partition.NAME, Partition.LONG_NAME).contains(command.name());
    List<String> places =
        command.arguments().stream().filter(word -> word.matches("/.*|swap")).toList();
    if (command.name().equals(AutomaticPartitions.NAME)
        || partition && !ONE_FILE_SYSTEM.containsAll(places)) {
      throw new KickstartException(
          "an image that is one file system has partitions / and swap only, and no autopart");
    }
  }
}
