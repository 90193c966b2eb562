package io.weldr.api.depsolve;

/** No solution. The message says why, in words for the user. */
public final class DepsolveException extends Exception {
  private static final long serialVersionUID = 1;

  /** What kind of trouble it is. */
  public enum Reason {
    /** Names or versions that match nothing. */
    UNSOLVABLE,
    /** Packages that are there but cannot be installed together, or lack what they need. */
    CONFLICT,
    /** A group that does not exist. */
    UNKNOWN_GROUP,
    /** A source that cannot be reached, or whose signature or content is wrong. */
    SOURCE,
    /** The solver did not answer or answered nonsense. */
    INTERNAL
  }

  private final Reason reason;

  public DepsolveException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public DepsolveException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
