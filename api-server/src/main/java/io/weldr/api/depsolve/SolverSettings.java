package io.weldr.api.depsolve;

import java.util.List;

/**
 * What an administrator decides for every solution.
 *
 * @param weakDependencies whether packages come along that others only recommend
 * @param excluded globs of package names that nobody gets; each matches {@link #GLOB}
 */
public record SolverSettings(boolean weakDependencies, List<String> excluded) {
  /** As the adapters check it too. */
  public static final String GLOB = "[A-Za-z0-9*][A-Za-z0-9+._*-]{0,127}";

  public SolverSettings {
    excluded = List.copyOf(excluded);
  }

  /** Only what is needed, and of everything there is. */
  public static SolverSettings standard() {
    return new SolverSettings(false, List.of());
  }
}
