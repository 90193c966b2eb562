package io.weldr.api.server;

/** Text of users in log lines and on terminals. */
final class SafeText {
  private static final int MAX_LENGTH = 8192;

  private SafeText() {}

  /**
   * One line: control characters, line and paragraph separators, direction marks and other
   * invisible characters become {@code \}{@code uXXXX}; what is longer than 8192 characters is cut.
   */
  static String line(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_LENGTH) + 16);
    for (int i = 0; i < text.length() && line.length() < MAX_LENGTH; ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      if (visible(character)) {
        line.appendCodePoint(character);
      } else {
        line.append(String.format("\\u%04x", character));
      }
    }
    if (line.length() >= MAX_LENGTH) {
      line.append("… (cut)");
    }
    return line.toString();
  }

  private static boolean visible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
