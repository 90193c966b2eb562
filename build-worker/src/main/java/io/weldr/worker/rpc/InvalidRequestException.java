package io.weldr.worker.rpc;

/** A request with values that are not allowed; the message says which and why. */
final class InvalidRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  private InvalidRequestException(String message) {
    super(message);
  }

  static void throwIfAny(Problems problems) throws InvalidRequestException {
    if (!problems.isEmpty()) {
      throw new InvalidRequestException(problems.message());
    }
  }
}
