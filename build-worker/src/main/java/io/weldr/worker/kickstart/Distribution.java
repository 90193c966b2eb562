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
 * @param services name of a service in templates and blueprints to the distribution's units
 * @param groups name of a group to the distribution's
 * @param defaults commands that take the place of the template's, by name, as long as the blueprint
 *     does not say otherwise; an empty one leaves the template's out
 * @param taken {@code COMMAND} or {@code COMMAND --OPTION} to the releases whose installer takes it
 * @param release major version
 */
public record Distribution(
    PackageFamily family,
    Map<String, ServiceName> services,
    Map<String, String> groups,
    Map<String, Optional<Command>> defaults,
    Map<String, Releases> taken,
    int release) {
  public Distribution {
    services = Map.copyOf(services);
    groups = Map.copyOf(groups);
    defaults = Map.copyOf(defaults);
    taken = Map.copyOf(taken);
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
        services(file, toml),
        names(file, toml, "groups"),
        commands(file, names(file, toml, "defaults")),
        taken(file, toml),
        Releases.NEWEST);
  }

  /**
   * The same for one release.
   *
   * @param version {@code VERSION_ID} of os-release(5); one that is no number is the newest
   */
  public Distribution forRelease(String version) {
    return new Distribution(family, services, groups, defaults, taken, Releases.major(version));
  }

  /**
   * Whether the release's installer takes a command, or an option of one.
   *
   * @param what {@code COMMAND} or {@code COMMAND --OPTION}
   */
  public boolean takes(String what) {
    return taken.getOrDefault(what, Releases.ALL).include(release);
  }

  /** The distribution's name of a service. */
  public String service(String name) {
    ServiceName other = services.get(name);
    return other != null && other.releases().include(release) ? other.unit() : name;
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
    return defaults
        .getOrDefault(command.name(), Optional.of(command))
        .filter(standing -> takes(standing.name()));
  }

  private static Map<String, ServiceName> services(Path file, TomlParseResult toml)
      throws IOException {
    Map<String, ServiceName> services = new HashMap<>();
    for (Map.Entry<String, Object> entry : toml.getTableOrEmpty("services").entrySet()) {
      services.put(entry.getKey(), service(file, entry.getKey(), entry.getValue()));
    }
    return services;
  }

  private static ServiceName service(Path file, String name, Object value) throws IOException {
    if (value instanceof String unit) {
      return new ServiceName(unit, Releases.ALL);
    }
    if (value instanceof TomlTable table && table.isString("name")) {
      return new ServiceName(table.getString("name"), releases(file, table, "name"));
    }
    throw new IOException(file + ": services." + name + " does not name a unit");
  }

  private static Map<String, Releases> taken(Path file, TomlParseResult toml) throws IOException {
    Map<String, Releases> taken = new HashMap<>();
    TomlTable commands = toml.getTableOrEmpty("kickstart");
    for (Map.Entry<String, Object> entry : commands.entrySet()) {
      if (!(entry.getValue() instanceof TomlTable table)) {
        throw new IOException(file + ": kickstart." + entry.getKey() + " is not a range");
      }
      taken.put(entry.getKey(), releases(file, table, ""));
    }
    return taken;
  }

  private static Releases releases(Path file, TomlTable table, String besides) throws IOException {
    for (String key : table.keySet()) {
      if (!Releases.KEYS.contains(key) && !key.equals(besides)) {
        throw new IOException(file + ": unknown key \"" + key + "\" in a range of releases");
      }
    }
    try {
      return Releases.of(table);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
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

  /**
   * What a service is called in some releases.
   *
   * @param unit the distribution's name of it
   */
  record ServiceName(String unit, Releases releases) {}
}
