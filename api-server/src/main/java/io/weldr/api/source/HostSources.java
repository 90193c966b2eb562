package io.weldr.api.source;

import java.io.IOException;
import java.util.List;

/** Reads the sources the host itself is configured with. */
public interface HostSources {

  /**
   * The enabled sources of the host, in the order of its configuration.
   *
   * @throws IOException when the configuration cannot be read; the message says why
   */
  List<Source> read() throws IOException;

  /** A host whose sources are not used. */
  static HostSources none() {
    return List::of;
  }
}
