package io.weldr.api.worker;

/** The worker knows no compose of this id. */
public final class NoSuchComposeException extends WorkerException {
  private static final long serialVersionUID = 1;

  NoSuchComposeException(String message, Throwable cause) {
    super(message, cause);
  }
}
