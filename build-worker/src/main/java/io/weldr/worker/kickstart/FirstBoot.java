package io.weldr.worker.kickstart;

import java.util.Set;

/**
 * {@code firstboot}: whether the system asks its questions when it starts for the first time.
 *
 * @param enabled whether it does
 */
public record FirstBoot(boolean enabled) {
  public static final String NAME = "firstboot";

  /** The unit that asks. */
  public static final String UNIT = "initial-setup";

  /** Reads the command; the installer knows each option in two spellings. */
  public static FirstBoot from(Command command) throws KickstartException {
    Options options =
        Options.of(command, Set.of("--enable", "--enabled", "--disable", "--disabled"), Set.of())
            .withoutOperands();
    boolean enabled = options.has("--enable") || options.has("--enabled");
    boolean disabled = options.has("--disable") || options.has("--disabled");
    if (enabled == disabled) {
      throw options.error("needs either --enable or --disable");
    }
    return new FirstBoot(enabled);
  }
}
