package io.weldr.api.blueprint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an image shall contain. {@link BlueprintParser} makes checked ones.
 *
 * @param name not yet checked to be a {@link BlueprintName}
 * @param description any text
 * @param version semantic version; absent only before the first save
 * @param modules sorted by lower-cased name, as are packages and groups
 * @param customizations present when the document had the table, even an empty one
 * @param gitRepositories sorted by lower-cased repository URL
 * @param distro the distribution to build, an osbuild-composer field
 * @param architecture to build for, an osbuild-composer field
 */
public record Blueprint(
    String name,
    String description,
    Optional<String> version,
    List<PackageEntry> modules,
    List<PackageEntry> packages,
    List<GroupEntry> groups,
    Optional<Customizations> customizations,
    List<GitRepository> gitRepositories,
    Optional<String> distro,
    Optional<String> architecture,
    List<ModuleStream> enabledModules,
    List<Container> containers) {

  public Blueprint {
    modules = sorted(modules, Comparator.comparing(m -> lower(m.name())));
    packages = sorted(packages, Comparator.comparing(p -> lower(p.name())));
    groups = sorted(groups, Comparator.comparing(g -> lower(g.name())));
    gitRepositories = sorted(gitRepositories, Comparator.comparing(r -> lower(r.repo())));
    enabledModules = List.copyOf(enabledModules);
    containers = List.copyOf(containers);
  }

  /** A stream of a module of packages, an osbuild-composer field. */
  public record ModuleStream(
      @Key(rule = ValueRule.RPM_NAME) String name, @Key(rule = ValueRule.RPM_NAME) String stream)
      implements Section {}

  /**
   * A container that the image holds, an osbuild-composer field.
   *
   * @param name in the image; the source when absent
   */
  public record Container(
      @Key(rule = ValueRule.LINE) String source,
      @Key(rule = ValueRule.LINE) Optional<String> name,
      @Key("tls-verify") Optional<Boolean> tlsVerify,
      @Key("local-storage") Optional<Boolean> localStorage)
      implements Section {}

  /** The same blueprint under another version. */
  public Blueprint withVersion(String newVersion) {
    return new Blueprint(
        name,
        description,
        Optional.of(newVersion),
        modules,
        packages,
        groups,
        customizations,
        gitRepositories,
        distro,
        architecture,
        enabledModules,
        containers);
  }

  /** The same blueprint with other packages and modules. */
  public Blueprint withPackages(List<PackageEntry> newModules, List<PackageEntry> newPackages) {
    return new Blueprint(
        name,
        description,
        version,
        newModules,
        newPackages,
        groups,
        customizations,
        gitRepositories,
        distro,
        architecture,
        enabledModules,
        containers);
  }

  /**
   * The parts a compose would have to leave out, by the names a user knows, as {@code
   * customizations.filesystem} or {@code containers}. A compose of such a blueprint must be
   * refused.
   */
  public List<String> unsupportedSections() {
    List<String> sections = new ArrayList<>();
    customizations.ifPresent(
        c -> c.unsupportedSections().forEach(s -> sections.add("customizations." + s)));
    if (architecture.isPresent()) {
      sections.add("architecture");
    }
    if (!enabledModules.isEmpty()) {
      sections.add("enabled_modules");
    }
    if (!containers.isEmpty()) {
      sections.add("containers");
    }
    return List.copyOf(sections);
  }

  private static <T> List<T> sorted(List<T> items, Comparator<T> order) {
    return items.stream().sorted(order).toList();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
