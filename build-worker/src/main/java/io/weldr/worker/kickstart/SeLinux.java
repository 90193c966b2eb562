package io.weldr.worker.kickstart;

import java.util.Locale;
import java.util.Set;

/**
 * {@code selinux}.
 *
 * @param mode the mode the system boots in
 */
public record SeLinux(Mode mode) {
  public static final String NAME = "selinux";

  /** What a document without the command means. */
  public static final SeLinux DEFAULT = new SeLinux(Mode.ENFORCING);

  /** As {@code SELINUX=} in its configuration. */
  public enum Mode {
    ENFORCING,
    PERMISSIVE,
    DISABLED;

    /** Lower case, as files and options have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Reads the command. */
  public static SeLinux from(Command command) throws KickstartException {
    Options options =
        Options.of(command, Set.of("--enforcing", "--permissive", "--disabled"), Set.of())
            .withoutOperands();
    SeLinux found = null;
    for (Mode mode : Mode.values()) {
      if (options.has("--" + mode.word())) {
        if (found != null) {
          throw options.error("has two modes");
        }
        found = new SeLinux(mode);
      }
    }
    if (found == null) {
      throw options.error("lacks a mode");
    }
    return found;
  }

  /** As a command. */
  public Command command() {
    return Command.of(NAME, "--" + mode.word());
  }
}
