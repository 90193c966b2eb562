package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code timezone}.
 *
 * @param zone name in the zoneinfo database
 * @param flags options without a value, as they are written
 * @param ntpServers host names or addresses
 */
public record TimeZone(String zone, List<String> flags, List<String> ntpServers) {
  public static final String NAME = "timezone";

  /**
   * Option of releases that know no {@code timesource}, which took the place of this and others.
   */
  public static final String SERVERS = NAME + " --ntpservers";

  /** The system does not ask for the time. */
  public static final String NO_NTP = "--nontp";

  private static final Set<String> FLAGS = Set.of("--utc", "--isUtc", NO_NTP);

  /** What a template without the command means. */
  public static final TimeZone DEFAULT = new TimeZone("UTC", List.of(), List.of());

  public TimeZone {
    flags = List.copyOf(flags);
    ntpServers = List.copyOf(ntpServers);
  }

  /** Reads the command. */
  public static TimeZone from(Command command) throws KickstartException {
    Options options = Options.of(command, FLAGS, Set.of("--ntpservers"));
    List<String> flags =
        FLAGS.stream()
            .filter(options::has)
            .map(flag -> flag.equals("--isUtc") ? "--utc" : flag)
            .distinct()
            .sorted()
            .toList();
    return new TimeZone(options.operand(), flags, options.list("--ntpservers"));
  }

  /**
   * With another zone where one is given, and more servers; the servers it has are kept. Servers
   * end {@link #NO_NTP}.
   */
  public TimeZone with(Optional<String> otherZone, List<String> moreServers) {
    Set<String> servers = new LinkedHashSet<>(ntpServers);
    servers.addAll(moreServers);
    List<String> kept =
        flags.stream().filter(flag -> moreServers.isEmpty() || !flag.equals(NO_NTP)).toList();
    return new TimeZone(otherZone.orElse(zone), kept, List.copyOf(servers));
  }

  /** Nothing of where the time comes from. */
  public TimeZone withoutSources() {
    return new TimeZone(
        zone, flags.stream().filter(flag -> !flag.equals(NO_NTP)).toList(), List.of());
  }

  /** As a command. */
  public Command command() throws KickstartException {
    List<String> words = new ArrayList<>(List.of(zone));
    words.addAll(flags);
    if (!ntpServers.isEmpty()) {
      words.add("--ntpservers=" + Options.join(ntpServers));
    }
    return new Command(NAME, words);
  }
}
