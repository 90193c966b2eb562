package io.weldr.api.server;

/** The command line cannot be understood. The program ends with status 2. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
