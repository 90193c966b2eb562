package io.weldr.api.worker;

/** The worker cannot be reached, did not answer in time, or speaks another protocol version. */
public final class WorkerUnavailableException extends WorkerException {
  private static final long serialVersionUID = 1;

  private final boolean sent;

  /**
   * @param sent whether the request may have reached the worker
   */
  WorkerUnavailableException(String message, boolean sent, Throwable cause) {
    super(message, cause);
    this.sent = sent;
  }

  boolean sent() {
    return sent;
  }
}
