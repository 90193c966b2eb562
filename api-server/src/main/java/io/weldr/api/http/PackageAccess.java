package io.weldr.api.http;

import io.weldr.api.depsolve.Depsolver;
import io.weldr.api.depsolve.PackageCatalog;
import io.weldr.api.source.SourceProbe;
import io.weldr.api.source.SourceStore;

/**
 * What the routes of packages and sources work with.
 *
 * @param distro the distribution composes are for, {@code debian-12}
 */
public record PackageAccess(
    SourceStore sources,
    SourceProbe probe,
    PackageCatalog catalog,
    Depsolver depsolver,
    String distro) {

  /** Refuses a request for another distribution than the host's; clients may name it. */
  void checkDistro(Query query) {
    query
        .value("distro")
        .filter(wanted -> !wanted.isEmpty() && !wanted.equals(distro))
        .ifPresent(
            wanted -> {
              throw ApiException.badRequest(ApiError.DISTRO_ERROR, "Invalid distro: " + wanted);
            });
  }
}
