package io.weldr.api.source;

/** A source of the host, which can be used but neither changed nor removed. */
public final class SystemSourceException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param what {@code changed} or {@code deleted}
   */
  public SystemSourceException(String id, String what) {
    super(id + " is a system source, it cannot be " + what + ".");
  }
}
