package io.weldr.api.blueprint;

/** Why an operation on blueprints was refused; the message can be shown to the user as it is. */
public abstract sealed class BlueprintException extends RuntimeException
    permits InvalidBlueprintException,
        InvalidNameException,
        UnknownBlueprintException,
        UnknownBranchException,
        UnknownCommitException,
        DamagedBlueprintException {
  private static final long serialVersionUID = 1L;

  BlueprintException(String message) {
    super(message);
  }
}
