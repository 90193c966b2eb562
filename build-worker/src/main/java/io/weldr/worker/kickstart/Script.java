package io.weldr.worker.kickstart;

import java.util.List;
import java.util.Set;

/**
 * A section with a script, such as {@code %post}, or with other lines that only Anaconda reads. It
 * can only come from a template, never from a blueprint.
 *
 * @param name with its percent sign, one of {@link #NAMES}
 * @param options words after the name
 * @param body lines up to {@code %end}, each with its line end
 */
public record Script(String name, List<String> options, String body) implements Section {
  /** The section whose script runs in the installed system. */
  public static final String POST = "%post";

  /** All that Anaconda knows; the direct installer runs {@link #POST} only. */
  static final Set<String> NAMES =
      Set.of(POST, "%anaconda", "%certificate", "%onerror", "%pre", "%pre-install", "%traceback");

  public Script {
    options = List.copyOf(options);
  }

  /** A {@code %post} section. */
  public Script(List<String> options, String body) {
    this(POST, options, body);
  }
}
