package io.weldr.api.compose;

import io.weldr.api.depsolve.RpmRelease;
import io.weldr.api.source.PackageFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * What differs per distribution family when packages are chosen: {@code SHARE/distros/NAME.toml},
 * whose comments describe the format. An item of a package list is a name, {@code @group}, or
 * alternatives, {@code a | b}, of which an empty one at the end stands for nothing.
 *
 * @param family what packages it works with
 * @param release of RPM packages; empty for others
 * @param distro the host's distribution, {@code debian-12}
 * @param architecture the package manager's name of the host's architecture
 * @param essential whether images begin with the packages that are marked Essential
 * @param avoid packages that are never chosen to meet a dependency that another can meet
 * @param minimal packages of every image
 * @param core packages of an image whose template does not say {@code --nocore}, besides
 * @param features feature of a blueprint -> packages that carry it out
 * @param commands command of a template, alone or with an option -> packages that carry it out
 * @param boot what starts a machine, {@code bios}, {@code uefi} or {@code iso} -> packages its boot
 *     loader is made from, for the host's machine
 * @param anaconda occasion, {@code always}, {@code disk}, {@code time} or {@code language} ->
 *     packages that Anaconda adds of its own accord
 * @param packages package name of templates -> names of this distribution; maybe none
 */
public record Distribution(
    PackageFamily family,
    Optional<RpmRelease> release,
    String distro,
    String architecture,
    boolean essential,
    List<String> avoid,
    List<String> minimal,
    List<String> core,
    Map<String, List<String>> features,
    Map<String, List<String>> commands,
    Map<String, List<String>> boot,
    Map<String, List<String>> anaconda,
    Map<String, List<String>> packages) {

  public Distribution {
    avoid = List.copyOf(avoid);
    minimal = List.copyOf(minimal);
    core = List.copyOf(core);
    features = Map.copyOf(features);
    commands = Map.copyOf(commands);
    boot = Map.copyOf(boot);
    anaconda = Map.copyOf(anaconda);
    packages = Map.copyOf(packages);
  }

  /**
   * Reads the file for this host.
   *
   * @param directory {@code SHARE/distros}
   * @throws IOException when no file is for this host, or it has mistakes; the message says which
   */
  public static Distribution read(Path directory, HostRelease host) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.filter(file -> file.toString().endsWith(".toml")).sorted().toList();
    }
    for (String id : host.ids()) {
      for (Path file : files) {
        TomlParseResult document = document(file);
        if (texts(document, "ids").contains(id)) {
          return of(file, document, host);
        }
      }
    }
    throw new IOException(
        "No file in " + directory + " is for the distribution " + host.ids().getFirst());
  }

  private static TomlParseResult document(Path file) throws IOException {
    TomlParseResult document = Toml.parse(file);
    if (document.hasErrors()) {
      throw new IOException(file + ": " + document.errors().getFirst());
    }
    return document;
  }

  private static Distribution of(Path file, TomlParseResult document, HostRelease host)
      throws IOException {
    String key = "architectures." + host.machine();
    String architecture = document.getString(key, () -> "");
    if (architecture.isEmpty()) {
      throw new IOException(file + ": " + key + " is missing: this machine is not supported");
    }
    PackageFamily family =
        PackageFamily.of(document.getString("family", () -> ""))
            .orElseThrow(() -> new IOException(file + ": family must be \"apt\" or \"rpm\""));
    return new Distribution(
        family,
        family == PackageFamily.RPM ? Optional.of(release(document, host)) : Optional.empty(),
        host.distro(),
        architecture,
        document.getBoolean("base.essential", () -> false),
        texts(document, "base.avoid"),
        texts(document, "base.nocore"),
        texts(document, "base.core"),
        lists(document.getTableOrEmpty("features")),
        lists(document.getTableOrEmpty("commands")),
        lists(document.getTableOrEmpty(List.of("boot", host.machine()))),
        lists(document.getTableOrEmpty("anaconda")),
        lists(document.getTableOrEmpty("packages")));
  }

  private static RpmRelease release(TomlParseResult document, HostRelease host) {
    return new RpmRelease(
        filled(document.getString("release.releasever", () -> "{version}"), host),
        filled(document.getString("release.platform", () -> ""), host));
  }

  private static String filled(String text, HostRelease host) {
    return text.replace("{version}", host.version()).replace("{major}", host.majorVersion());
  }

  private static Map<String, List<String>> lists(TomlTable table) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (String key : table.keySet()) {
      lists.put(key, texts(table.getArrayOrEmpty(List.of(key))));
    }
    return lists;
  }

  private static List<String> texts(TomlTable table, String dottedKey) {
    return texts(table.getArrayOrEmpty(dottedKey));
  }

  private static List<String> texts(TomlArray array) {
    return array.toList().stream().map(Object::toString).toList();
  }

  /** What a package of a template is called here; its own name when the file does not say. */
  List<String> translated(String templatePackage) {
    return packages.getOrDefault(templatePackage, List.of(templatePackage)).stream()
        .map(name -> name.replace("{architecture}", architecture))
        .toList();
  }
}
