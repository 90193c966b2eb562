package io.weldr.api.source;

/** There is no source of this id that could be changed or removed. */
public final class UnknownSourceException extends Exception {
  private static final long serialVersionUID = 1;

  public UnknownSourceException(String id) {
    super("source " + id + " not found");
  }
}
