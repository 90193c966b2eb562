package io.weldr.api.blueprint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * @param further osbuild-composer's other top-level fields ({@code architecture}, {@code
 *     enabled_modules}, {@code containers}), kept as they came
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
    Map<String, Node> further) {

  public Blueprint {
    modules = sorted(modules, Comparator.comparing(m -> lower(m.name())));
    packages = sorted(packages, Comparator.comparing(p -> lower(p.name())));
    groups = sorted(groups, Comparator.comparing(g -> lower(g.name())));
    gitRepositories = sorted(gitRepositories, Comparator.comparing(r -> lower(r.repo())));
    further = new Node.Table(further).entries();
  }

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
        further);
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
        further);
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
    if (!gitRepositories.isEmpty()) {
      sections.add("repos.git");
    }
    sections.addAll(further.keySet());
    return List.copyOf(sections);
  }

  private static <T> List<T> sorted(List<T> items, Comparator<T> order) {
    return items.stream().sorted(order).toList();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
