package io.weldr.worker.kickstart;

import java.util.List;

/**
 * One command line, e.g. {@code lang de_DE.UTF-8 --addsupport=fr_FR.UTF-8}.
 *
 * @param name first word
 * @param arguments the other words, without quotes
 */
public record Command(String name, List<String> arguments) implements Section {
  public Command {
    arguments = List.copyOf(arguments);
  }

  /** As the constructor. */
  public static Command of(String name, String... arguments) {
    return new Command(name, List.of(arguments));
  }
}
