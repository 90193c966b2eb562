package io.weldr.api.worker;

/** The worker cannot be reached, did not answer in time, or speaks another protocol version. */
public final class WorkerUnavailableException extends WorkerException {
  private static final long serialVersionUID = 1;

  WorkerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
