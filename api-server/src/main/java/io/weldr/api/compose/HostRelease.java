package io.weldr.api.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What distribution and machine this host is.
 *
 * @param ids os-release(5) ID, then the words of ID_LIKE
 * @param version VERSION_ID; may be empty
 * @param machine the machine's name as {@code uname -m} says it
 */
public record HostRelease(List<String> ids, String version, String machine) {

  public HostRelease {
    ids = List.copyOf(ids);
  }

  /**
   * Reads os-release.
   *
   * @param file {@code /etc/os-release}
   */
  public static HostRelease read(Path file) throws IOException {
    Map<String, String> fields = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        fields.put(line.substring(0, equals), unquoted(line.substring(equals + 1).strip()));
      }
    }
    List<String> ids = new ArrayList<>();
    ids.add(fields.getOrDefault("ID", "linux"));
    ids.addAll(List.of(fields.getOrDefault("ID_LIKE", "").strip().split("\\s+")));
    ids.removeIf(String::isEmpty);
    return new HostRelease(ids, fields.getOrDefault("VERSION_ID", ""), machineOfThisProcess());
  }

  /**
   * A distribution by its name, on the machine of this process.
   *
   * @param distro ID, or ID-VERSION as in {@code fedora-42}
   */
  public static HostRelease of(String distro) {
    int hyphen = distro.indexOf('-');
    return hyphen < 0
        ? new HostRelease(List.of(distro), "", machineOfThisProcess())
        : new HostRelease(
            List.of(distro.substring(0, hyphen)),
            distro.substring(hyphen + 1),
            machineOfThisProcess());
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() > 1
            && (value.startsWith("\"") || value.startsWith("'"))
            && value.charAt(0) == value.charAt(value.length() - 1);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** Java has its own names for some machines. */
  private static String machineOfThisProcess() {
    String name = System.getProperty("os.arch");
    return switch (name) {
      case "amd64" -> "x86_64";
      case "x86", "i386" -> "i686";
      case "arm" -> "armv7l";
      default -> name;
    };
  }

  /** The version up to its first dot; may be empty. */
  String majorVersion() {
    return version.split("\\.", 2)[0];
  }

  /** The distribution as blueprints name it: {@code debian-12}. */
  public String distro() {
    return version.isEmpty() ? ids.getFirst() : ids.getFirst() + "-" + version;
  }
}
