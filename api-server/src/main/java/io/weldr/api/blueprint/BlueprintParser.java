package io.weldr.api.blueprint;

/**
 * Reads blueprints from documents that users send. Every known field is checked; clear text
 * passwords come back as SHA-512 hashes.
 *
 * <p>A key nobody knows inside a known table is a problem in TOML, which people write, and is left
 * out of JSON, where clients send whatever they hold. Unknown sections of {@code customizations}
 * are kept in both.
 */
public final class BlueprintParser {
  private BlueprintParser() {}

  /**
   * Reads a TOML document; a byte order mark is skipped.
   *
   * @throws InvalidBlueprintException with every problem found and its line and column
   */
  public static Blueprint fromToml(String text) {
    return BlueprintReader.read(TomlDocument.parse(text), true);
  }

  /**
   * Reads a TOML document of at most 1 MiB in UTF-8.
   *
   * @throws InvalidBlueprintException with every problem found and its line and column
   */
  public static Blueprint fromToml(byte[] utf8) {
    return fromToml(Document.decode(utf8));
  }

  /**
   * Reads a JSON document; a byte order mark is skipped.
   *
   * @throws InvalidBlueprintException with every problem found
   */
  public static Blueprint fromJson(String text) {
    return BlueprintReader.read(JsonDocument.parse(text), false);
  }

  /**
   * Reads a JSON document of at most 1 MiB in UTF-8.
   *
   * @throws InvalidBlueprintException with every problem found
   */
  public static Blueprint fromJson(byte[] utf8) {
    return fromJson(Document.decode(utf8));
  }

  /**
   * Reads what a repository holds, which other composers may have written: keys nobody knows are
   * left out.
   */
  static Blueprint fromStored(byte[] utf8) {
    return BlueprintReader.read(TomlDocument.parse(Document.decode(utf8)), false);
  }
}
