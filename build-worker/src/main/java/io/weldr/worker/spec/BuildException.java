package io.weldr.worker.spec;

/** A compose cannot be finished, in the words its owner reads. */
public final class BuildException extends Exception {
  private static final long serialVersionUID = 1L;

  private final FailureCode code;
  private final String hint;

  /**
   * @param message one sentence without its full stop: what was wrong, and where
   * @param hint what to do; may be empty
   */
  public BuildException(FailureCode code, String message, String hint) {
    super(message);
    this.code = code;
    this.hint = hint;
  }

  /** As above, with what led to it. */
  public BuildException(FailureCode code, String message, String hint, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.hint = hint;
  }

  public FailureCode code() {
    return code;
  }

  /** What to do; may be empty. */
  public String hint() {
    return hint;
  }
}
