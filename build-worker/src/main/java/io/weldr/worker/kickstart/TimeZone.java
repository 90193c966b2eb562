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
 * @param ntpServers host names or addresses
 */
public record TimeZone(String zone, List<String> ntpServers) {
  public static final String NAME = "timezone";

  /** What a template without the command means. */
  public static final TimeZone DEFAULT = new TimeZone("UTC", List.of());

  public TimeZone {
    ntpServers = List.copyOf(ntpServers);
  }

  /** Reads the command. */
  public static TimeZone from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of("--utc"), Set.of("--ntpservers"));
    return new TimeZone(options.operand(), options.list("--ntpservers"));
  }

  /** With another zone where one is given, and more servers; the servers it has are kept. */
  public TimeZone with(Optional<String> otherZone, List<String> moreServers) {
    Set<String> servers = new LinkedHashSet<>(ntpServers);
    servers.addAll(moreServers);
    return new TimeZone(otherZone.orElse(zone), List.copyOf(servers));
  }

  /** Only the zone. */
  public TimeZone withoutServers() {
    return new TimeZone(zone, List.of());
  }

  /** As a command. */
  public Command command() throws KickstartException {
    List<String> words = new ArrayList<>(List.of(zone));
    if (!ntpServers.isEmpty()) {
      words.add("--ntpservers=" + Options.join(ntpServers));
    }
    return new Command(NAME, words);
  }
}
