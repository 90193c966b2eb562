package io.weldr.api.compose;

/** Any other failure, such as a worker that does not answer or a damaged result. */
public final class ComposeFailureException extends ComposeException {
  private static final long serialVersionUID = 1;

  public ComposeFailureException(String message) {
    super(message);
  }

  public ComposeFailureException(String message, Throwable cause) {
    super(message, cause);
  }
}
