package io.weldr.api.compose;

import java.util.UUID;

/** There is no compose of this id. The message is the one clients know. */
public final class UnknownComposeException extends ComposeException {
  private static final long serialVersionUID = 1;

  public UnknownComposeException(UUID id) {
    super(id + " is not a valid build uuid");
  }
}
