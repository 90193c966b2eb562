package io.weldr.api.blueprint;

/** Reads blueprints from documents that users send. */
public final class BlueprintParser {
  private BlueprintParser() {}

  /**
   * Reads a TOML document.
   *
   * @throws InvalidBlueprintException with every problem found
   */
  public static Blueprint fromToml(String text) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Reads a TOML document in UTF-8.
   *
   * @throws InvalidBlueprintException with every problem found
   */
  public static Blueprint fromToml(byte[] utf8) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Reads a JSON document.
   *
   * @throws InvalidBlueprintException with every problem found
   */
  public static Blueprint fromJson(String text) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Reads a JSON document in UTF-8.
   *
   * @throws InvalidBlueprintException with every problem found
   */
  public static Blueprint fromJson(byte[] utf8) {
    throw new UnsupportedOperationException("being written");
  }
}
