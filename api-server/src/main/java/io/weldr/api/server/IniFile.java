package io.weldr.api.server;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An INI file as Python's configparser reads it, without interpolation: {@code [section]} lines,
 * {@code key = value} or {@code key: value}, whole-line comments with {@code #} or {@code ;},
 * indented lines continue a value, keys are case-insensitive, a section or a key given twice is an
 * error.
 */
final class IniFile {
  private final Map<String, Map<String, String>> sections;

  private IniFile(Map<String, Map<String, String>> sections) {
    this.sections = sections;
  }

  static IniFile empty() {
    return new IniFile(Map.of());
  }

  /**
   * Reads a file's text.
   *
   * @param name the file's name, for messages
   * @throws StartupException names file and line
   */
  static IniFile parse(String name, String text) throws StartupException {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    Optional<Map<String, String>> section = Optional.empty();
    Optional<String> key = Optional.empty();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String where = name + ":" + (i + 1) + ": ";
      String line = lines[i].stripTrailing();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (Character.isWhitespace(line.charAt(0)) && key.isPresent()) {
        section.orElseThrow().merge(key.get(), line.strip(), (a, b) -> a + "\n" + b);
      } else if (line.startsWith("[")) {
        section = Optional.of(newSection(sections, line, where));
        key = Optional.empty();
      } else {
        Map<String, String> target =
            section.orElseThrow(
                () -> new StartupException(where + "a [section] line must come first"));
        key = Optional.of(newKey(target, line.strip(), where));
      }
    }
    return new IniFile(sections);
  }

  private static Map<String, String> newSection(
      Map<String, Map<String, String>> sections, String line, String where)
      throws StartupException {
    if (!line.endsWith("]") || line.length() < 3) {
      throw new StartupException(where + "a section must look like [name]");
    }
    Map<String, String> section = new LinkedHashMap<>();
    if (sections.put(line.substring(1, line.length() - 1), section) != null) {
      throw new StartupException(where + "section " + line + " is there twice");
    }
    return section;
  }

  private static String newKey(Map<String, String> section, String line, String where)
      throws StartupException {
    int separator = separator(line);
    if (separator < 1) {
      throw new StartupException(where + "a line must look like key = value");
    }
    String key = line.substring(0, separator).strip().toLowerCase(Locale.ROOT);
    if (section.put(key, line.substring(separator + 1).strip()) != null) {
      throw new StartupException(where + "key " + key + " is there twice in its section");
    }
    return key;
  }

  private static int separator(String line) {
    int equals = line.indexOf('=');
    int colon = line.indexOf(':');
    return equals < 0 || (colon >= 0 && colon < equals) ? colon : equals;
  }

  /** A value that is there and not empty. */
  Optional<String> value(String section, String key) {
    return Optional.ofNullable(sections.getOrDefault(section, Map.of()).get(key))
        .filter(value -> !value.isEmpty());
  }
}
