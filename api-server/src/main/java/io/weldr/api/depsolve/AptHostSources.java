package io.weldr.api.depsolve;

import io.weldr.api.source.HostSources;
import io.weldr.api.source.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The host's sources as {@code apt.py sources} reads them from its {@code /etc/apt}. */
public final class AptHostSources implements HostSources {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path script;

  /**
   * @param script {@code SHARE/depsolve/apt.py}
   */
  public AptHostSources(Path script) {
    this.script = script;
  }

  @Override
  public List<Source> read() throws IOException {
    try (AdapterProcess process =
        AdapterProcess.start(script, Path.of("/nonexistent"), List.of("sources"))) {
      return AptMessages.sources(process.answer(PATIENCE));
    } catch (AdapterException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
