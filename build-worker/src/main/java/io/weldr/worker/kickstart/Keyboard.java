package io.weldr.worker.kickstart;

import java.util.Set;

/**
 * {@code keyboard}.
 *
 * @param layout an X layout such as {@code de} or {@code de (nodeadkeys)}, or a console keymap
 */
public record Keyboard(String layout) {
  public static final String NAME = "keyboard";

  /** What a template without the command means, and what a kernel has without any keymap. */
  public static final Keyboard DEFAULT = new Keyboard("us");

  /** Reads the command; an X layout is preferred to a console keymap. */
  public static Keyboard from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of(), Set.of("--vckeymap", "--xlayouts"));
    if (!options.has("--vckeymap") && !options.has("--xlayouts")) {
      return new Keyboard(options.operand());
    }
    options.withoutOperands();
    return new Keyboard(
        options.value("--xlayouts").or(() -> options.value("--vckeymap")).orElseThrow());
  }

  /** As a command. */
  public Command command() {
    return Command.of(NAME, layout);
  }
}
