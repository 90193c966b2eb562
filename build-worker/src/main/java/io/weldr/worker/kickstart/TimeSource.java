package io.weldr.worker.kickstart;

import java.util.Set;

/**
 * {@code timesource}: one command per server, where {@code timezone --ntpservers} is no more.
 *
 * @param server host name or address
 */
public record TimeSource(String server) {
  public static final String NAME = "timesource";

  /** The system does not ask for the time. */
  public static final Command NONE = Command.of(NAME, "--ntp-disable");

  /** Reads the command. */
  public static TimeSource from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of(), Set.of("--ntp-server")).withoutOperands();
    return new TimeSource(
        options.value("--ntp-server").orElseThrow(() -> options.error("lacks \"--ntp-server\"")));
  }

  /** As a command. */
  public Command command() {
    return Command.of(NAME, "--ntp-server=" + server);
  }
}
