package io.weldr.worker.kickstart;

import java.util.Optional;
import java.util.Set;

/**
 * {@code rootpw}.
 *
 * @param hash crypt(3) hash; empty = nobody can log in as root with a password
 */
public record RootPassword(Optional<String> hash) {
  public static final String NAME = "rootpw";

  /** No password fits. */
  public static final RootPassword LOCKED = new RootPassword(Optional.empty());

  /** Reads the command. Clear text passwords are refused. */
  public static RootPassword from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of("--lock", "--iscrypted"), Set.of());
    if (options.has("--lock") == options.has("--iscrypted")) {
      throw options.error("needs either --lock or --iscrypted with a hash");
    }
    return options.has("--lock")
        ? new RootPassword(options.withoutOperands().optionalOperand())
        : new RootPassword(Optional.of(options.operand()));
  }

  /** As a command. */
  public Command command() {
    return hash.map(text -> Command.of(NAME, "--iscrypted", text))
        .orElseGet(() -> Command.of(NAME, "--lock"));
  }
}
