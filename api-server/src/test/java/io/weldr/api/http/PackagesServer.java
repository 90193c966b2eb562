package io.weldr.api.http;

import io.weldr.api.depsolve.Adapter;
import io.weldr.api.depsolve.AdapterDepsolver;
import io.weldr.api.depsolve.AdapterSourceProbe;
import io.weldr.api.depsolve.PackageCatalog;
import io.weldr.api.depsolve.RpmRelease;
import io.weldr.api.depsolve.TinyArchive;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server whose host has one source, {@code host}, with the real adapter behind its routes. */
final class PackagesServer implements AutoCloseable {
  private static final Path DEPSOLVE = Path.of("../share/depsolve").toAbsolutePath();

  final SourceStore sources;
  final PackageCatalog catalog;
  final RunningServer http;
  private final AdapterDepsolver depsolver;

  PackagesServer(Path directory, List<Source> ofHost) throws IOException {
    this(directory, PackageFamily.APT, ofHost);
  }

  PackagesServer(Path directory, PackageFamily family, List<Source> ofHost) throws IOException {
    Path cache = Files.createDirectories(directory.resolve("cache"));
    Adapter adapter = adapter(family, cache);
    sources = SourceStore.open(directory.resolve("sources"), family, () -> ofHost);
    depsolver = new AdapterDepsolver(adapter, Duration.ofMinutes(10));
    catalog = new PackageCatalog(adapter, sources, Duration.ofMinutes(10), Duration.ofMinutes(1));
    catalog.start();
    http =
        RunningServer.in(
            directory,
            new PackageAccess(
                sources,
                new AdapterSourceProbe(adapter),
                catalog,
                depsolver,
                family == PackageFamily.APT ? "debian-12" : "centos-9"));
  }

  private static Adapter adapter(PackageFamily family, Path cache) {
    return family == PackageFamily.APT
        ? Adapter.of(DEPSOLVE.resolve("apt.py"), cache)
        : Adapter.of(DEPSOLVE.resolve("dnf.py"), cache, new RpmRelease("9", "platform:el9"));
  }

  /** The body of a request for a new source of the archive. */
  static String body(TinyArchive archive, String id, String more) {
    return """
        {"id": "%s", "name": "A source", "url": "%s", "type": "apt", "suites": ["stable"],
         "components": ["main"], "check_ssl": true, "check_gpg": true%s}"""
        .formatted(id, archive.url("tiny"), more);
  }

  Reply add(String version, String body) throws IOException {
    return http.post("/api/" + version + "/projects/source/new", RunningServer.JSON, body);
  }

  @Override
  public void close() {
    http.close();
    catalog.close();
    depsolver.close();
  }
}
