package io.weldr.worker;

import io.weldr.worker.spec.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tomlj.Toml;
import org.tomlj.TomlArray;

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

  /**
   * A distribution by its name, in place of the host's.
   *
   * @param distro ID, or ID-VERSION as in {@code fedora-42}
   */
  static HostRelease of(String distro) {
    int hyphen = distro.indexOf('-');
    return hyphen < 0
        ? new HostRelease(Map.of("ID", distro))
        : new HostRelease(
            Map.of("ID", distro.substring(0, hyphen), "VERSION_ID", distro.substring(hyphen + 1)));
  }

  /**
   * The first distribution of the installed data that serves one of {@link #families}.
   *
   * @param shareDir root of the installed data
   * @throws IOException when none does
   */
  Target target(Path shareDir) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(shareDir.resolve("distros"))) {
      files = listed.filter(file -> file.toString().endsWith(".toml")).sorted().toList();
    }
    for (String id : families()) {
      for (Path file : files) {
        TomlArray ids = Toml.parse(file).getArrayOrEmpty("ids");
        if (ids.toList().contains(id)) {
          String name = file.getFileName().toString();
          return new Target(name.substring(0, name.length() - ".toml".length()), version());
        }
      }
    }
    throw new IOException("no file in " + shareDir + "/distros is for the distribution " + values);
  }

  private String version() {
    return value("VERSION_ID");
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.startsWith("\"") || value.startsWith("'"))
            && value.endsWith(value.substring(0, 1));
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
