package io.weldr.api.compose;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.PackageEntry;
import io.weldr.api.depsolve.PackageVersion;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A blueprint with exact versions. Groups stay; a name glob becomes the packages it matches; a name
 * only others provide stays as it is. Feeding the result back gives the same packages as long as
 * the sources have them.
 */
final class FrozenBlueprint {
  private FrozenBlueprint() {}

  /**
   * @param solution everything that is installed
   */
  static Blueprint of(Blueprint blueprint, List<PackageVersion> solution) {
    return blueprint.withPackages(
        frozen(blueprint.modules(), solution), frozen(blueprint.packages(), solution));
  }

  private static List<PackageEntry> frozen(
      List<PackageEntry> entries, List<PackageVersion> solution) {
    List<PackageEntry> frozen = new ArrayList<>();
    for (PackageEntry entry : entries) {
      Predicate<String> matches = names(entry.name());
      List<PackageEntry> exact =
          solution.stream()
              .filter(version -> matches.test(version.name()))
              .map(version -> new PackageEntry(version.name(), version.frozen()))
              .toList();
      frozen.addAll(exact.isEmpty() ? List.of(entry) : exact);
    }
    return frozen.stream().distinct().toList();
  }

  private static Predicate<String> names(String pattern) {
    if (pattern.chars().noneMatch(c -> c == '*' || c == '?' || c == '[')) {
      return pattern::equals;
    }
    // Braces and backslashes mean nothing in package globs.
    String plain = pattern.replaceAll("[\\\\{}]", "\\\\$0");
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + plain);
    return name -> matcher.matches(Path.of(name));
  }
}
