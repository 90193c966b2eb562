package io.weldr.api.blueprint;

/** What the repository holds under a name cannot be read as a blueprint. */
public final class DamagedBlueprintException extends BlueprintException {
  private static final long serialVersionUID = 1L;

  DamagedBlueprintException(BlueprintName name, String commitId, String reason) {
    super(
        "Blueprint "
            + name
            + " of commit "
            + commitId
            + " cannot be used: "
            + reason
            + "; push it again or undo to an older commit");
  }
}
