package io.weldr.api.depsolve;

/** The adapter process is gone, silent, or talks nonsense; a new one may do better. */
final class AdapterException extends Exception {
  private static final long serialVersionUID = 1;

  AdapterException(String message) {
    super(message);
  }

  AdapterException(String message, Throwable cause) {
    super(message, cause);
  }
}
