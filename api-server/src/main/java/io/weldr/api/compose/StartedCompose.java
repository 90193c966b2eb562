package io.weldr.api.compose;

import java.util.List;
import java.util.UUID;

/**
 * A compose that is queued.
 *
 * @param warnings what was asked for and will not be as asked, one sentence each
 */
public record StartedCompose(UUID id, List<String> warnings) {
  public StartedCompose {
    warnings = List.copyOf(warnings);
  }
}
