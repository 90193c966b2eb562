package io.weldr.api.http;

import java.nio.charset.StandardCharsets;

/**
 * How much structure a TOML document has. The parser needs about a kilobyte for every key, list
 * item and table, so a small document of nothing else could take all memory; text costs it little.
 */
final class TomlStructure {
  /** A blueprint of 5,000 packages has less. */
  private static final int LIMIT = 50_000;

  private TomlStructure() {}

  /**
   * Refuses a document that the server could not parse.
   *
   * @throws ApiException with the id {@code BlueprintsError}
   */
  static void check(byte[] document) {
    int marks = 0;
    for (byte character : document) {
      if (isMark(character)) {
        marks++;
      }
    }
    if (marks > LIMIT) {
      throw ApiException.badRequest(
          ApiError.BLUEPRINTS_ERROR,
          "The blueprint has too many lines, keys and list items: %d of %d. Leave some out."
              .formatted(marks, LIMIT));
    }
  }

  static void check(String document) {
    check(document.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isMark(byte character) {
    return switch (character) {
      case '=', ',', '[', ']', '{', '}', '.', '\n' -> true;
      default -> false;
    };
  }
}
