package io.weldr.worker.kickstart;

import java.util.Set;

/**
 * {@code xconfig}.
 *
 * @param atBoot whether the system starts with a graphical login
 */
public record XConfig(boolean atBoot) {
  public static final String NAME = "xconfig";

  /** Reads the command. */
  public static XConfig from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of("--startxonboot"), Set.of()).withoutOperands();
    return new XConfig(options.has("--startxonboot"));
  }

  /** As a command. */
  public Command command() {
    return atBoot ? Command.of(NAME, "--startxonboot") : Command.of(NAME);
  }
}
