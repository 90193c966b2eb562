package io.weldr.api.compose;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.depsolve.PackageRequest;
import io.weldr.api.depsolve.SolveRequest;
import io.weldr.api.source.Source;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Everything an image asks the solver for: base, template, features and blueprint. */
final class PackageSelection {
  private static final Set<String> NO_FIREWALL =
      Set.of("firewall --disabled", "firewall --disable");

  private final Set<PackageRequest> packages = new LinkedHashSet<>();
  private final Set<List<String>> oneOf = new LinkedHashSet<>();
  private final Set<String> groups = new LinkedHashSet<>();
  private final Set<String> excluded = new LinkedHashSet<>();

  private PackageSelection() {}

  static SolveRequest of(
      Distribution distribution,
      OutputType type,
      Installation installation,
      TemplatePackages template,
      Blueprint blueprint,
      List<Source> sources) {
    PackageSelection selection = new PackageSelection();
    for (String name : template.excluded()) {
      distribution.translated(name).forEach(item -> selection.excluded.addAll(alternatives(item)));
    }
    selection.packages.addAll(BlueprintDependencies.requests(blueprint));
    template.names().forEach(name -> selection.add(distribution.translated(name)));
    selection.add(distribution.minimal());
    if (template.core()) {
      selection.add(distribution.core());
    }
    selection.addCommands(distribution, template);
    if (installation.anaconda()) {
      selection.add(AnacondaPackages.of(distribution, type, template, blueprint));
    } else {
      selection.addBoot(distribution, type.starters());
    }
    BlueprintFeatures.of(blueprint)
        .forEach(
            feature -> selection.add(distribution.features().getOrDefault(feature, List.of())));
    selection.groups.addAll(template.groups());
    selection.groups.addAll(BlueprintDependencies.groups(blueprint));
    return new SolveRequest(
        sources,
        List.copyOf(selection.packages),
        List.copyOf(selection.groups),
        distribution.essential(),
        List.copyOf(selection.oneOf),
        Stream.concat(distribution.avoid().stream(), selection.excluded.stream())
            .distinct()
            .toList(),
        true);
  }

  private void addBoot(Distribution distribution, Set<String> starters) {
    starters.forEach(starter -> add(distribution.boot().getOrDefault(starter, List.of())));
  }

  private void addCommands(Distribution distribution, TemplatePackages template) {
    Set<String> commands = new LinkedHashSet<>(template.commands());
    if (commands.stream().noneMatch(NO_FIREWALL::contains)) {
      // What a template without the command means, and one with other options.
      commands.add("firewall --enabled");
    }
    commands.forEach(command -> add(distribution.commands().getOrDefault(command, List.of())));
  }

  /** Items of a distribution's list: a name, {@code @} and a group, or alternatives. */
  private void add(List<String> items) {
    for (String item : items) {
      List<String> names = alternatives(item);
      if (names.size() > 1) {
        oneOf.add(names);
      } else if (names.getFirst().startsWith("@")) {
        groups.add(names.getFirst().substring(1));
      } else if (!excluded.contains(names.getFirst())) {
        packages.add(PackageRequest.any(names.getFirst()));
      }
    }
  }

  private static List<String> alternatives(String item) {
    return List.of(item.strip().split("\\s*\\|\\s*", -1));
  }
}
