package io.weldr.api.depsolve;

import java.util.List;

/** Turns wishes into exact packages. */
public interface Depsolver {

  /**
   * Everything that must be installed for the request into an empty root.
   *
   * @return sorted by lower-cased name
   * @throws DepsolveException when there is no solution, a package or group is unknown, a source
   *     cannot be read, or the solver itself fails; the message is for the user
   */
  List<SolvedPackage> solve(SolveRequest request) throws DepsolveException;

  /** Told when a source was added or removed, so that the next request need not wait for it. */
  default void sourcesChanged() {}
}
