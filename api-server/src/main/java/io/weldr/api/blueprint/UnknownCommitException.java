package io.weldr.api.blueprint;

/** The repository has no such commit, or the commit has no such blueprint. */
public final class UnknownCommitException extends BlueprintException {
  private static final long serialVersionUID = 1L;

  UnknownCommitException(String message) {
    super(message);
  }
}
