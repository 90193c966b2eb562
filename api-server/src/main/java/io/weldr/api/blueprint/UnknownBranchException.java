package io.weldr.api.blueprint;

/** The repository has no such branch. */
public final class UnknownBranchException extends BlueprintException {
  private static final long serialVersionUID = 1L;

  UnknownBranchException(BranchName branch) {
    super("Unknown branch: " + branch);
  }
}
