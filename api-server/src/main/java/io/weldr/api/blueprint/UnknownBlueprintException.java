package io.weldr.api.blueprint;

/** The branch has no such blueprint. */
public final class UnknownBlueprintException extends BlueprintException {
  private static final long serialVersionUID = 1L;

  UnknownBlueprintException(BlueprintName name) {
    super("Unknown blueprint: " + name);
  }
}
