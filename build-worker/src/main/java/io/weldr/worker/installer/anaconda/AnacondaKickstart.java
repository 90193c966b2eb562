package io.weldr.worker.installer.anaconda;

import io.weldr.worker.kickstart.Command;
import io.weldr.worker.kickstart.Kickstart;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.PackageSource;
import io.weldr.worker.kickstart.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A final kickstart as Anaconda reads it: without the options of {@code url} and {@code repo} that
 * are our own.
 */
final class AnacondaKickstart {
  private static final String HOST_SOURCE = "--host-source=";
  private static final Set<String> OWN_FLAGS = Set.of("--nosignature");
  private static final List<String> DEBIAN = List.of("--suites=", "--components=");

  private static final Pattern LOCAL =
      Pattern.compile("(?:--url=|--baseurl=)?file://(?:localhost)?(/[^\\x00]*)");

  private AnacondaKickstart() {}

  /**
   * Makes it.
   *
   * @param hostSources for each id of a source of the host the options that say where it is, the
   *     address as {@code --baseurl=}, {@code --metalink=} or {@code --mirrorlist=}
   * @throws KickstartException when a source is not one that Anaconda can use
   */
  static Kickstart of(Kickstart kickstart, Map<String, List<String>> hostSources)
      throws KickstartException {
    List<Section> sections = new ArrayList<>();
    for (Section section : kickstart.sections()) {
      sections.add(
          section instanceof Command command && PackageSource.isOne(command)
              ? source(command, hostSources)
              : section);
    }
    return new Kickstart(sections);
  }

  /** Directories of the host that it has packages from. */
  static List<Path> directories(Kickstart kickstart) {
    return kickstart.commands().stream()
        .filter(PackageSource::isOne)
        .flatMap(command -> command.arguments().stream())
        .map(LOCAL::matcher)
        .filter(Matcher::matches)
        .map(local -> Path.of(local.group(1)).normalize())
        .toList();
  }

  private static Command source(Command command, Map<String, List<String>> hostSources)
      throws KickstartException {
    List<String> words = new ArrayList<>();
    for (String word : command.arguments()) {
      if (DEBIAN.stream().anyMatch(word::startsWith)) {
        throw new KickstartException("Anaconda cannot install Debian packages");
      }
      if (word.startsWith(HOST_SOURCE)) {
        words.addAll(ofHost(command, word.substring(HOST_SOURCE.length()), hostSources));
      } else if (!OWN_FLAGS.contains(word)) {
        words.add(word);
      }
    }
    return new Command(command.name(), words);
  }

  private static List<String> ofHost(
      Command command, String id, Map<String, List<String>> hostSources) throws KickstartException {
    List<String> options = hostSources.get(id);
    if (options == null) {
      throw new KickstartException("the host has no source \"" + id + "\" any more");
    }
    return options.stream()
        .map(
            option ->
                command.name().equals(PackageSource.URL) && option.startsWith("--baseurl=")
                    ? "--url=" + option.substring("--baseurl=".length())
                    : option)
        .toList();
  }
}
