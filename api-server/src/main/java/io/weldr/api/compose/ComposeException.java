package io.weldr.api.compose;

/** Something asked of an existing compose that cannot be done. */
public abstract sealed class ComposeException extends Exception
    permits UnknownComposeException, WrongStateException, ComposeFailureException {
  private static final long serialVersionUID = 1;

  ComposeException(String message) {
    super(message);
  }

  ComposeException(String message, Throwable cause) {
    super(message, cause);
  }
}
