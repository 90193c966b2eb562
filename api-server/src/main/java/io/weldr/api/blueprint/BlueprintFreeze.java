package io.weldr.api.blueprint;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Puts exact versions into a blueprint. Groups, customizations and the version stay; a glob becomes
 * the packages it matches; what only another package provides stays as it is. Fed back, the result
 * asks for the same packages as long as the sources have them.
 */
public final class BlueprintFreeze {
  private BlueprintFreeze() {}

  /**
   * Freezes a blueprint.
   *
   * @param solution everything that would be installed, with versions {@code
   *     [EPOCH:]VERSION-RELEASE.ARCHITECTURE}; a name may occur more than once
   */
  public static Blueprint freeze(Blueprint blueprint, List<PackageEntry> solution) {
    List<PackageEntry> packages = exact(blueprint.packages(), solution, Set.of());
    Set<String> names = new HashSet<>();
    packages.forEach(entry -> names.add(entry.name()));
    return blueprint.withPackages(exact(blueprint.modules(), solution, names), packages);
  }

  /** Leaves out names that are in the other list already. */
  private static List<PackageEntry> exact(
      List<PackageEntry> entries, List<PackageEntry> solution, Set<String> elsewhere) {
    return entries.stream()
        .flatMap(entry -> exact(entry, solution))
        .filter(entry -> !elsewhere.contains(entry.name()))
        .distinct()
        .toList();
  }

  private static Stream<PackageEntry> exact(PackageEntry entry, List<PackageEntry> solution) {
    Predicate<String> matches = glob(entry.name());
    List<PackageEntry> found = solution.stream().filter(s -> matches.test(s.name())).toList();
    return found.isEmpty() ? Stream.of(entry) : found.stream();
  }

  /**
   * As fnmatch(3) without flags: {@code *}, {@code ?} and sets such as {@code [a-c]} or {@code
   * [!x]}.
   */
  public static Predicate<String> glob(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      // A bracket directly behind the opening one, or its negation, is a member of the set.
      int end = c == '[' ? glob.indexOf(']', glob.startsWith("!", i + 1) ? i + 3 : i + 2) : -1;
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (end > 0) {
        regex.append(set(glob.substring(i + 1, end)));
        i = end;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
  }

  private static String set(String members) {
    boolean negated = members.startsWith("!");
    String plain = negated ? members.substring(1) : members;
    return (negated ? "[^" : "[") + plain.replaceAll("[\\[\\]\\\\^&]", "\\\\$0") + "]";
  }
}
