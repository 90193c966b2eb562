package io.weldr.api.blueprint;

import java.util.List;

/**
 * A part of the history of a blueprint, newest first.
 *
 * @param total how many changes the whole history has
 */
public record ChangePage(int total, List<Change> changes) {
  public ChangePage {
    changes = List.copyOf(changes);
  }
}
