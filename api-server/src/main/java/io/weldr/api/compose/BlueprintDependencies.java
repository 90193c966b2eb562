package io.weldr.api.compose;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.BlueprintFreeze;
import io.weldr.api.blueprint.GroupEntry;
import io.weldr.api.blueprint.PackageEntry;
import io.weldr.api.depsolve.DepsolveException;
import io.weldr.api.depsolve.DepsolveException.Reason;
import io.weldr.api.depsolve.Depsolver;
import io.weldr.api.depsolve.PackageRequest;
import io.weldr.api.depsolve.SolveRequest;
import io.weldr.api.depsolve.SolvedPackage;
import io.weldr.api.source.SourceStore;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What blueprints need by themselves, without the image around them. */
public final class BlueprintDependencies {
  private final SourceStore sources;
  private final Depsolver depsolver;

  public BlueprintDependencies(SourceStore sources, Depsolver depsolver) {
    this.sources = sources;
    this.depsolver = depsolver;
  }

  /**
   * Everything that would be installed for a blueprint into an empty root; nothing for one that
   * names nothing.
   *
   * @return sorted by lower-cased name
   * @throws DepsolveException when there is no solution
   */
  public List<SolvedPackage> solve(Blueprint blueprint) throws DepsolveException {
    List<PackageRequest> packages = requests(blueprint);
    List<String> groups = groups(blueprint);
    if (packages.isEmpty() && groups.isEmpty()) {
      return List.of();
    }
    return depsolver.solve(SolveRequest.of(sources.list(), packages, groups));
  }

  /** Why there is no solution, in the words that clients know; a conflict names what was asked. */
  public static String problem(Blueprint blueprint, DepsolveException failure) {
    if (failure.reason() != Reason.CONFLICT) {
      return failure.getMessage();
    }
    String asked =
        requests(blueprint).stream()
            .sorted(Comparator.comparing(wanted -> wanted.name().toLowerCase(Locale.ROOT)))
            .map(wanted -> "('%s', '%s')".formatted(wanted.name(), wanted.version()))
            .collect(Collectors.joining(", ", "[", "]"));
    return "There was a problem depsolving %s: %s".formatted(asked, failure.getMessage());
  }

  /** Those packages of a solution that the blueprint names, or matches by a glob. */
  public static List<SolvedPackage> named(Blueprint blueprint, List<SolvedPackage> solution) {
    List<Predicate<String>> names =
        requests(blueprint).stream().map(wanted -> BlueprintFreeze.glob(wanted.name())).toList();
    return solution.stream()
        .filter(solved -> names.stream().anyMatch(name -> name.test(solved.version().name())))
        .toList();
  }

  /** The packages and modules a blueprint asks for. */
  static List<PackageRequest> requests(Blueprint blueprint) {
    return Stream.concat(blueprint.modules().stream(), blueprint.packages().stream())
        .map(entry -> new PackageRequest(entry.name(), entry.version()))
        .distinct()
        .toList();
  }

  static List<String> groups(Blueprint blueprint) {
    return blueprint.groups().stream().map(GroupEntry::name).toList();
  }

  /** The blueprint with the versions of a solution. */
  public static Blueprint freeze(Blueprint blueprint, List<SolvedPackage> solution) {
    return BlueprintFreeze.freeze(
        blueprint,
        solution.stream()
            .map(solved -> new PackageEntry(solved.version().name(), solved.version().frozen()))
            .toList());
  }
}
