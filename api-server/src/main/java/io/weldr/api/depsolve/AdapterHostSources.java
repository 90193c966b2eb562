package io.weldr.api.depsolve;

import io.weldr.api.source.HostSources;
import io.weldr.api.source.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The host's sources as the adapter reads them from the package manager's configuration. */
public final class AdapterHostSources implements HostSources {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Adapter adapter;

  public AdapterHostSources(Adapter adapter) {
    this.adapter = adapter;
  }

  @Override
  public List<Source> read() throws IOException {
    try (AdapterProcess process = adapter.sources()) {
      return AdapterMessages.sources(process.answer(PATIENCE));
    } catch (AdapterException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
