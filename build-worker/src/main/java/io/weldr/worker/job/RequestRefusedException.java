package io.weldr.worker.job;

/** A request that cannot be carried out. The message is for the client's user. */
public final class RequestRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal it is. */
  public enum Reason {
    /** The job itself is wrong; the same job will never be accepted. */
    INVALID,
    UNKNOWN_COMPOSE,
    /** Not possible in the state the compose is in. */
    WRONG_STATE,
    /** Another job has this id. */
    EXISTS,
    QUEUE_FULL,
    NO_SPACE
  }

  private final Reason reason;

  public RequestRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
