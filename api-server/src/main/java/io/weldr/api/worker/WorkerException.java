package io.weldr.api.worker;

/** The worker did not do what was asked; the message can be shown to the user. */
public abstract sealed class WorkerException extends Exception
    permits WorkerUnavailableException,
        OutcomeUnknownException,
        JobRefusedException,
        NoSuchComposeException,
        ComposeStateException {
  private static final long serialVersionUID = 1;

  WorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
