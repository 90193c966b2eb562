package io.weldr.worker;

/** The worker cannot start as it is set up. The message says what to correct. */
final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigurationException(String message) {
    super(message);
  }
}
