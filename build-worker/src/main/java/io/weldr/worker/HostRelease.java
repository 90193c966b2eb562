package io.weldr.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The host's os-release(5).
 *
 * @param values by key, unquoted
 */
record HostRelease(Map<String, String> values) {

  /** Reads a file of that format; empty when it is not there. */
  static HostRelease read(Path file) throws IOException {
    Map<String, String> values = new HashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        int equals = line.indexOf('=');
        if (equals > 0 && !line.startsWith("#")) {
          values.put(line.substring(0, equals), unquoted(line.substring(equals + 1).strip()));
        }
      }
    } catch (NoSuchFileException e) {
      return new HostRelease(Map.of());
    }
    return new HostRelease(Map.copyOf(values));
  }

  /** A value; the empty string when there is none. */
  String value(String key) {
    return values.getOrDefault(key, "");
  }

  /** ID, then the names in ID_LIKE. */
  List<String> families() {
    List<String> names = new ArrayList<>();
    names.add(value("ID"));
    names.addAll(List.of(value("ID_LIKE").split(" ")));
    names.removeIf(String::isEmpty);
    return names;
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.startsWith("\"") || value.startsWith("'"))
            && value.endsWith(value.substring(0, 1));
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
