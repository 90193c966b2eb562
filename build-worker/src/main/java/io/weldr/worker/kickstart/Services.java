package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * {@code services}. A unit in both sets is enabled: the installer disables first.
 *
 * @param enabled unit names
 * @param disabled unit names
 */
public record Services(SortedSet<String> enabled, SortedSet<String> disabled) {
  public static final String NAME = "services";

  /** What a template without the command means. */
  public static final Services NONE = new Services(new TreeSet<>(), new TreeSet<>());

  /** Reads the command. */
  public static Services from(Command command) throws KickstartException {
    Options options =
        Options.of(command, Set.of(), Set.of("--enabled", "--disabled")).withoutOperands();
    return NONE.with(options.list("--enabled"), options.list("--disabled"));
  }

  /** With more of both. */
  public Services with(Collection<String> enable, Collection<String> disable) {
    SortedSet<String> on = new TreeSet<>(enabled);
    on.addAll(enable);
    SortedSet<String> off = new TreeSet<>(disabled);
    off.addAll(disable);
    return new Services(on, off);
  }

  public boolean isEmpty() {
    return enabled.isEmpty() && disabled.isEmpty();
  }

  /** As a command. */
  public Command command() throws KickstartException {
    List<String> words = new ArrayList<>();
    if (!disabled.isEmpty()) {
      words.add("--disabled=" + Options.join(disabled));
    }
    if (!enabled.isEmpty()) {
      words.add("--enabled=" + Options.join(enabled));
    }
    return new Command(NAME, words);
  }
}
