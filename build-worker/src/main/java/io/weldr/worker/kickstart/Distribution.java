package io.weldr.worker.kickstart;

import io.weldr.worker.spec.PackageFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * What differs on one family of distributions, as far as the kickstart is concerned: the part of
 * {@code share/distros/NAME.toml} that is not about packages.
 *
 * @param services name of a service in templates and blueprints to the distribution's unit
 * @param groups name of a group to the distribution's
 * @param defaults commands that take the place of the template's, by name, as long as the blueprint
 *     does not say otherwise; an empty one leaves the template's out
 */
public record Distribution(
    PackageFamily family,
    Map<String, String> services,
    Map<String, String> groups,
    Map<String, Optional<Command>> defaults) {
  public Distribution {
    services = Map.copyOf(services);
    groups = Map.copyOf(groups);
    defaults = Map.copyOf(defaults);
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it cannot be read or is not TOML of that form
   */
  public static Distribution load(Path file) throws IOException {
    TomlParseResult toml = Toml.parse(file);
    if (toml.hasErrors()) {
      throw new IOException(file + ": " + toml.errors().getFirst());
    }
    PackageFamily family =
        PackageFamily.of(toml.getString("family", () -> ""))
            .orElseThrow(() -> new IOException(file + ": family must be \"apt\" or \"rpm\""));
    return new Distribution(
        family,
        names(file, toml, "services"),
        names(file, toml, "groups"),
        commands(file, names(file, toml, "defaults")));
  }

  /** The distribution's name of a service. */
  public String service(String name) {
    return services.getOrDefault(name, name);
  }

  /** The distribution's name of a group, unless the blueprint makes one of that name. */
  public String group(String name, Set<String> made) {
    return made.contains(name) ? name : groups.getOrDefault(name, name);
  }

  private static Map<String, String> names(Path file, TomlParseResult toml, String key)
      throws IOException {
    Map<String, String> names = new HashMap<>();
    TomlTable table = toml.getTableOrEmpty(key);
    for (Map.Entry<String, Object> entry : table.entrySet()) {
      if (!(entry.getValue() instanceof String text)) {
        throw new IOException(file + ": " + key + "." + entry.getKey() + " is not a string");
      }
      names.put(entry.getKey(), text);
    }
    return names;
  }

  /** What takes the place of a command of the template, if anything. */
  Optional<Command> standing(Command command) {
    return defaults.getOrDefault(command.name(), Optional.of(command));
  }

  private static Map<String, Optional<Command>> commands(Path file, Map<String, String> lines)
      throws IOException {
    Map<String, Optional<Command>> commands = new HashMap<>();
    for (Map.Entry<String, String> entry : lines.entrySet()) {
      try {
        List<String> words = Words.split(entry.getValue());
        commands.put(
            entry.getKey(),
            words.isEmpty()
                ? Optional.empty()
                : Optional.of(new Command(words.getFirst(), words.subList(1, words.size()))));
      } catch (KickstartException e) {
        throw new IOException(file + ": defaults." + entry.getKey() + ": " + e.getMessage(), e);
      }
    }
    return commands;
  }
}
