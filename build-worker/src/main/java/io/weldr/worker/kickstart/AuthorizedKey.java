package io.weldr.worker.kickstart;

import java.util.Set;

/**
 * {@code sshkey}.
 *
 * @param key one line of authorized_keys
 */
public record AuthorizedKey(String user, String key) {
  public static final String NAME = "sshkey";

  /** Reads the command. */
  public static AuthorizedKey from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of(), Set.of("--username"));
    return new AuthorizedKey(
        options.value("--username").orElseThrow(() -> options.error("lacks \"--username\"")),
        options.operand());
  }

  /** As a command. */
  public Command command() throws KickstartException {
    if (key.startsWith("--")) {
      throw new KickstartException("a key of user \"" + user + "\" begins like an option");
    }
    return Command.of(NAME, "--username=" + user, key);
  }
}
