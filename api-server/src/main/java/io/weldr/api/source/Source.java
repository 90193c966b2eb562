package io.weldr.api.source;

import java.util.List;
import java.util.Optional;

/**
 * A place packages come from.
 *
 * @param id what clients call it
 * @param name for people
 * @param system whether it belongs to the host's own configuration: it can be used, not changed
 * @param url base of the archive, or the list of its mirrors
 * @param suites releases of a Debian archive, such as {@code bookworm}; with a flat repository one
 *     entry that ends with a slash; none for RPM packages
 * @param components such as {@code main}; empty for a flat repository and for RPM packages
 * @param checkSignature whether metadata must carry a signature by one of the keys
 * @param checkTls whether the server's certificate is checked
 * @param proxy URL of an HTTP proxy; absent = as the host is configured
 */
public record Source(
    String id,
    String name,
    SourceType type,
    boolean system,
    String url,
    List<String> suites,
    List<String> components,
    boolean checkSignature,
    boolean checkTls,
    Optional<String> proxy,
    SourceKeys keys) {

  public Source {
    suites = List.copyOf(suites);
    components = List.copyOf(components);
  }

  /** The same source with other keys. */
  public Source withKeys(SourceKeys other) {
    return new Source(
        id, name, type, system, url, suites, components, checkSignature, checkTls, proxy, other);
  }
}
