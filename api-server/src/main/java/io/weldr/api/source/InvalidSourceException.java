package io.weldr.api.source;

/** A source with a value that is not allowed; the message names the value. */
public final class InvalidSourceException extends Exception {
  private static final long serialVersionUID = 1;

  public InvalidSourceException(String message) {
    super(message);
  }
}
