package io.weldr.api.blueprint;

/** A repository of {@code repos.git} cannot be used; the message names it. */
public final class GitRemoteException extends Exception {
  private static final long serialVersionUID = 1;

  GitRemoteException(String message) {
    super(message);
  }

  GitRemoteException(String message, Throwable cause) {
    super(message, cause);
  }
}
