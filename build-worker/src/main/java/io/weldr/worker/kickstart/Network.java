package io.weldr.worker.kickstart;

import java.util.Optional;
import java.util.Set;

/**
 * {@code network}. A document may hold two: the template's and the one with the host's name.
 *
 * @param dhcp whether every wired device asks for its address
 */
public record Network(boolean dhcp, Optional<String> hostname) {
  public static final String NAME = "network";

  /** Reads the command. */
  public static Network from(Command command) throws KickstartException {
    Options options =
        Options.of(command, Set.of("--activate"), Set.of("--bootproto", "--onboot", "--hostname"))
            .withoutOperands();
    Optional<String> protocol = options.value("--bootproto");
    if (protocol.isPresent() && !protocol.get().equals("dhcp")) {
      throw KickstartException.unsupportedOption(NAME, "--bootproto=" + protocol.get());
    }
    boolean atBoot = options.value("--onboot").map(Set.of("on", "yes")::contains).orElse(true);
    return new Network(protocol.isPresent() && atBoot, options.value("--hostname"));
  }

  /** The command that names the host. */
  public static Command hostname(String name) {
    return Command.of(NAME, "--hostname=" + name);
  }
}
