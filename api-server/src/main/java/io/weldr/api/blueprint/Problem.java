package io.weldr.api.blueprint;

import java.util.Optional;

/**
 * One thing that is wrong in a blueprint document.
 *
 * @param path the key it is about, as {@code customizations.user[0].name}; list items count from 0;
 *     empty when it is the whole document
 * @param message one sentence or one of the fixed texts of the Weldr API
 * @param position where the key is, for TOML documents
 */
public record Problem(String path, String message, Optional<Position> position) {
  /** The message, with the position where there is one. */
  public String line() {
    return position.map(p -> message + " (" + p + ")").orElse(message);
  }
}
