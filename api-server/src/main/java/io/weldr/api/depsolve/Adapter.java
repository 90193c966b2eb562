package io.weldr.api.depsolve;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The program that answers for a package manager.
 *
 * @param script {@code SHARE/depsolve/apt.py} or {@code dnf.py}
 * @param cache an existing directory of ours for metadata: some 200 MB
 * @param proxy for all servers that neither a source nor the host has another one for
 * @param verifyTls whether servers must show a valid certificate
 * @param release of an RPM distribution
 */
public record Adapter(
    Path script,
    Path cache,
    Optional<String> proxy,
    boolean verifyTls,
    Optional<RpmRelease> release,
    SolverSettings settings) {

  /** An adapter that reaches servers as the host does. */
  public static Adapter of(Path script, Path cache) {
    return new Adapter(
        script, cache, Optional.empty(), true, Optional.empty(), SolverSettings.standard());
  }

  /** An adapter for RPM packages that reaches servers as the host does. */
  public static Adapter of(Path script, Path cache, RpmRelease release) {
    return new Adapter(
        script, cache, Optional.empty(), true, Optional.of(release), SolverSettings.standard());
  }

  /** A process that answers requests until it is closed. */
  AdapterProcess serve() throws AdapterException {
    List<String> arguments = arguments("serve");
    arguments.addAll(List.of("--cache", cache.toString()));
    release.ifPresent(rpm -> arguments.add("--platform=" + rpm.platform()));
    proxy.ifPresent(url -> arguments.add("--proxy=" + url));
    if (!verifyTls) {
      arguments.add("--no-tls-check");
    }
    if (settings.weakDependencies()) {
      arguments.add("--weak-dependencies");
    }
    settings.excluded().forEach(glob -> arguments.add("--exclude=" + glob));
    return AdapterProcess.start(script, cache, arguments);
  }

  /** A process that prints the sources of the host and ends. */
  AdapterProcess sources() throws AdapterException {
    return AdapterProcess.start(script, Path.of("/nonexistent"), arguments("sources"));
  }

  private List<String> arguments(String command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    release.ifPresent(rpm -> arguments.add("--releasever=" + rpm.releasever()));
    return arguments;
  }
}
