package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code lang}.
 *
 * @param first locale of the system
 * @param others further locales that must work
 */
public record Language(String first, List<String> others) {
  public static final String NAME = "lang";

  /** What a template without the command means. */
  public static final Language DEFAULT = new Language("en_US.UTF-8", List.of());

  public Language {
    others = List.copyOf(others);
  }

  /** Reads the command. */
  public static Language from(Command command) throws KickstartException {
    Options options = Options.of(command, Set.of(), Set.of("--addsupport"));
    return new Language(options.operand(), options.list("--addsupport"));
  }

  /** All locales, the system's first. */
  public List<String> all() {
    return Stream.concat(Stream.of(first), others.stream()).distinct().toList();
  }

  /** As a command. */
  public Command command() throws KickstartException {
    List<String> words = new ArrayList<>(List.of(first));
    if (!others.isEmpty()) {
      words.add("--addsupport=" + Options.join(others));
    }
    return new Command(NAME, words);
  }
}
