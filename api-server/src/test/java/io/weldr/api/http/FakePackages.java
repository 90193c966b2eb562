package io.weldr.api.http;

import io.weldr.api.depsolve.Adapter;
import io.weldr.api.depsolve.PackageCatalog;
import io.weldr.api.source.HostSources;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.SourceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Packages for servers whose tests are about something else. */
final class FakePackages {
  private FakePackages() {}

  /** No sources, every source accepted, every solution empty, and a catalog that never starts. */
  static PackageAccess nothing(Path directory) throws IOException {
    SourceStore sources =
        SourceStore.open(directory.resolve("sources"), PackageFamily.APT, HostSources.none());
    return new PackageAccess(
        sources,
        source -> source,
        new PackageCatalog(
            Adapter.of(directory.resolve("no-adapter.py"), directory),
            sources,
            Duration.ofHours(1),
            Duration.ofMillis(1)),
        request -> List.of(),
        "debian-12");
  }
}
