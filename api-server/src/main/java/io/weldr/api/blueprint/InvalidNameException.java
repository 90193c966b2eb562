package io.weldr.api.blueprint;

/** A blueprint or branch name that is not allowed. */
public final class InvalidNameException extends BlueprintException {
  private static final long serialVersionUID = 1L;

  InvalidNameException(String message) {
    super(message);
  }
}
