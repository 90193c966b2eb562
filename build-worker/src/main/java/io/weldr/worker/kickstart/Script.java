package io.weldr.worker.kickstart;

import java.util.List;

/**
 * A {@code %post} section. It can only come from a template, never from a blueprint.
 *
 * @param options words after {@code %post}
 * @param body lines up to {@code %end}, each with its line end
 */
public record Script(List<String> options, String body) implements Section {
  public Script {
    options = List.copyOf(options);
  }
}
