package io.weldr.api.blueprint;

/** Blueprints as TOML, always the same text for the same blueprint. */
public final class BlueprintToml {
  private BlueprintToml() {}

  /**
   * The document without a final newline: scalars, empty lists, lists of tables, then tables.
   * {@link BlueprintParser#fromToml(String)} reads the same blueprint back.
   */
  public static String print(Blueprint blueprint) {
    return TomlPrinter.print(BlueprintTree.of(blueprint));
  }
}
