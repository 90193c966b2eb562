package io.weldr.api.depsolve;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The program that answers for the host's package manager.
 *
 * @param script {@code SHARE/depsolve/apt.py}
 * @param cache an existing directory of ours for metadata: some 200 MB
 * @param proxy for all servers that neither a source nor the host has another one for
 * @param verifyTls whether servers must show a valid certificate
 */
public record Adapter(Path script, Path cache, Optional<String> proxy, boolean verifyTls) {

  /** An adapter that reaches servers as the host does. */
  public static Adapter of(Path script, Path cache) {
    return new Adapter(script, cache, Optional.empty(), true);
  }

  /** A process that answers requests until it is closed. */
  AdapterProcess serve() throws AdapterException {
    List<String> arguments = new ArrayList<>(List.of("serve", "--cache", cache.toString()));
    proxy.ifPresent(url -> arguments.add("--proxy=" + url));
    if (!verifyTls) {
      arguments.add("--no-tls-check");
    }
    return AdapterProcess.start(script, cache, arguments);
  }
}
