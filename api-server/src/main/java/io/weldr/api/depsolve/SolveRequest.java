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
 */
public record SolveRequest(
    List<Source> sources, List<PackageRequest> packages, List<String> groups, boolean essential) {

  public SolveRequest {
    sources = List.copyOf(sources);
    packages = List.copyOf(packages);
    groups = List.copyOf(groups);
  }
}
