package io.weldr.api.worker;

/** The worker got a job and never said what became of it: it may be queued. */
public final class OutcomeUnknownException extends WorkerException {
  private static final long serialVersionUID = 1;

  OutcomeUnknownException(String message, Throwable cause) {
    super(message, cause);
  }
}
