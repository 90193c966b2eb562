package io.weldr.worker.kickstart;

import java.util.Set;

/**
 * {@code reqpart}: the partitions the firmware of the machine needs to boot.
 *
 * @param boot whether {@code /boot} is one of its own as well
 */
public record RequiredPartitions(boolean boot) {
  public static final String NAME = "reqpart";

  /** Reads the command. */
  public static RequiredPartitions from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of("--add-boot"), Set.of()).withoutOperands();
    return new RequiredPartitions(options.has("--add-boot"));
  }

  /** As a command. */
  public Command command() {
    return boot ? Command.of(NAME, "--add-boot") : Command.of(NAME);
  }
}
