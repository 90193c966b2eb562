package io.weldr.api.depsolve;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceProbe;
import io.weldr.api.source.UnusableSourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tries a source in an adapter process of its own, so nobody waits for a slow server. */
public final class AdapterSourceProbe implements SourceProbe {
  /** Clients wait 4 minutes at most. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Adapter adapter;

  public AdapterSourceProbe(Adapter adapter) {
    this.adapter = adapter;
  }

  @Override
  public Source tried(Source source) throws UnusableSourceException {
    try (AdapterProcess process = adapter.serve()) {
      String answer = process.ask(AdapterMessages.probe(1, source), PATIENCE);
      List<String> keys = new ArrayList<>();
      for (JsonNode key : AdapterMessages.result(answer, 1).path("public_keys")) {
        keys.add(key.asText());
      }
      return source.withKeys(source.keys().withFetched(keys));
    } catch (AdapterException | DepsolveException e) {
      throw new UnusableSourceException(e.getMessage(), e);
    }
  }
}
