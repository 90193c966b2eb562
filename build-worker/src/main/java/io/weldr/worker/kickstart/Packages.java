package io.weldr.worker.kickstart;

import java.util.List;

/**
 * The {@code %packages} section.
 *
 * @param options words after {@code %packages}, e.g. {@code --nocore}
 * @param entries one line each: a name, or a name with its exact version
 */
public record Packages(List<String> options, List<String> entries) implements Section {
  public Packages {
    options = List.copyOf(options);
    entries = List.copyOf(entries);
  }
}
