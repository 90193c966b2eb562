package io.weldr.api.compose;

import java.util.UUID;

/** The compose is in a state that does not allow what was asked. */
public final class WrongStateException extends ComposeException {
  private static final long serialVersionUID = 1;

  /**
   * @param required the states that would allow it, in words: {@code WAITING or RUNNING}
   */
  public WrongStateException(UUID id, String required) {
    super("Build " + id + " is not in " + required + ".");
  }
}
