package io.weldr.api.worker;

/** The worker validated a job and refuses it, or has no room for it; nothing was queued. */
public final class JobRefusedException extends WorkerException {
  private static final long serialVersionUID = 1;

  JobRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
