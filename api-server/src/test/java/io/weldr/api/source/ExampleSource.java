package io.weldr.api.source;

import java.util.List;
import java.util.Optional;

/** Sources of a host for tests; no server answers at their addresses. */
public final class ExampleSource {
  private ExampleSource() {}

  /** Debian bookworm, as the source {@code debian}. */
  public static Source debian() {
    return apt("debian", "Debian", "http://deb.example/debian", "bookworm");
  }

  /** The source {@code host} of a host of this family. */
  public static Source ofHost(PackageFamily family) {
    String address = "http://127.0.0.2:9/host";
    return family == PackageFamily.APT
        ? apt("host", "The host's", address, "stable")
        : new Source(
            "host",
            "The host's",
            SourceType.YUM_METALINK,
            true,
            address,
            List.of(),
            List.of(),
            true,
            true,
            Optional.empty(),
            SourceKeys.none());
  }

  private static Source apt(String id, String name, String url, String suite) {
    return new Source(
        id,
        name,
        SourceType.APT,
        true,
        url,
        List.of(suite),
        List.of("main"),
        true,
        true,
        Optional.empty(),
        SourceKeys.none());
  }
}
