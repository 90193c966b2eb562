package io.weldr.api.depsolve;

import io.weldr.api.source.Source;
import java.util.List;

/**
 * What to solve.
 *
 * @param sources where packages may come from
 * @param packages each must be matched by something
 * @param groups ids of groups; each must exist
 * @param essential whether the packages every system needs (Debian's Essential) are part of it: an
 *     image needs them, the dependency list of a blueprint does not show them
 * @param oneOf of each list one package must be there: the first that exists, unless another is
 *     chosen already. An empty name at the end stands for nothing: it may be that none exists
 * @param avoid packages that are taken only when they are named, not to meet a dependency that
 *     another can meet
 * @param fresh whether the metadata must be that of the present moment, give or take two minutes: a
 *     build fetches what was chosen, and archives drop what they replace
 */
public record SolveRequest(
    List<Source> sources,
    List<PackageRequest> packages,
    List<String> groups,
    boolean essential,
    List<List<String>> oneOf,
    List<String> avoid,
    boolean fresh) {

  public SolveRequest {
    sources = List.copyOf(sources);
    packages = List.copyOf(packages);
    groups = List.copyOf(groups);
    oneOf = List.copyOf(oneOf);
    avoid = List.copyOf(avoid);
  }

  /** Packages and groups with their dependencies, and nothing besides. */
  public static SolveRequest of(
      List<Source> sources, List<PackageRequest> packages, List<String> groups) {
    return new SolveRequest(sources, packages, groups, false, List.of(), List.of(), false);
  }
}
