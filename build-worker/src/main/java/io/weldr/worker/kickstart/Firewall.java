package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * {@code firewall}.
 *
 * @param ports {@code PORT:PROTOCOL}
 * @param services names the firewall knows that are let in
 * @param removedServices names that are not, though they are by default
 */
public record Firewall(
    boolean enabled,
    SortedSet<String> ports,
    SortedSet<String> services,
    SortedSet<String> removedServices) {
  public static final String NAME = "firewall";

  /** What a template without the command means. */
  public static final Firewall DEFAULT = of(true, List.of(), List.of(), List.of());

  /** Reads the command. */
  public static Firewall from(Command command) throws KickstartException {
    Options options =
        Options.of(
                command,
                Set.of("--enabled", "--disabled"),
                Set.of("--port", "--service", "--remove-service"))
            .withoutOperands();
    return of(
        !options.has("--disabled"),
        options.list("--port"),
        options.list("--service"),
        options.list("--remove-service"));
  }

  /** With more ports and services. */
  public Firewall with(List<String> morePorts, List<String> enable, List<String> disable) {
    return new Firewall(
        enabled, union(ports, morePorts), union(services, enable), union(removedServices, disable));
  }

  /** As a command. */
  public Command command() throws KickstartException {
    List<String> words = new ArrayList<>(List.of(enabled ? "--enabled" : "--disabled"));
    add(words, "--port=", ports);
    add(words, "--service=", services);
    add(words, "--remove-service=", removedServices);
    return new Command(NAME, words);
  }

  private static void add(List<String> words, String option, SortedSet<String> items)
      throws KickstartException {
    if (!items.isEmpty()) {
      words.add(option + Options.join(items));
    }
  }

  private static Firewall of(
      boolean enabled, List<String> ports, List<String> services, List<String> removed) {
    return new Firewall(
        enabled, new TreeSet<>(ports), new TreeSet<>(services), new TreeSet<>(removed));
  }

  private static SortedSet<String> union(Collection<String> some, Collection<String> more) {
    SortedSet<String> all = new TreeSet<>(some);
    all.addAll(more);
    return all;
  }
}
