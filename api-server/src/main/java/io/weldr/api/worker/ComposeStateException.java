package io.weldr.api.worker;

/** The compose is in a state that does not allow what was asked. */
public final class ComposeStateException extends WorkerException {
  private static final long serialVersionUID = 1;

  ComposeStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
