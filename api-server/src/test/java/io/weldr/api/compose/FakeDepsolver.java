package io.weldr.api.compose;

import io.weldr.api.depsolve.DepsolveException;
import io.weldr.api.depsolve.Depsolver;
import io.weldr.api.depsolve.PackageVersion;
import io.weldr.api.depsolve.SolveRequest;
import io.weldr.api.depsolve.SolvedPackage;
import java.util.List;
import java.util.Optional;

/** Gives every package that is asked for in version 1.0-1, and remembers what it was asked. */
final class FakeDepsolver implements Depsolver {
  Optional<SolveRequest> asked = Optional.empty();
  Optional<DepsolveException> failure = Optional.empty();
  long installedSize = 1000;

  @Override
  public List<SolvedPackage> solve(SolveRequest request) throws DepsolveException {
    asked = Optional.of(request);
    if (failure.isPresent()) {
      throw failure.get();
    }
    return request.packages().stream().map(p -> solved(p.name().replace("*", "x"))).toList();
  }

  private SolvedPackage solved(String name) {
    return new SolvedPackage(
        new PackageVersion(name, 0, "1.0", "1", "all"),
        "debian",
        "ab".repeat(32),
        "pool/" + name + ".deb",
        100,
        installedSize);
  }
}
