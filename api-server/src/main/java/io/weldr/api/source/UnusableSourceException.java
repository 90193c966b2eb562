package io.weldr.api.source;

/** A source whose keys or metadata cannot be had or believed; the message says why. */
public final class UnusableSourceException extends Exception {
  private static final long serialVersionUID = 1;

  public UnusableSourceException(String message) {
    super(message);
  }

  public UnusableSourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
