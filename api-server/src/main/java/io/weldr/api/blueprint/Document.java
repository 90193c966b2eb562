package io.weldr.api.blueprint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A parsed TOML or JSON document.
 *
 * @param positions finds the places of keys and list items by their {@linkplain #child path}; none
 *     for JSON
 */
record Document(Node.Table root, Supplier<Map<String, Position>> positions) {
  /** Bytes; the same limit as for a request body. */
  static final int MAX_SIZE = 1 << 20;

  /** Tables and lists inside each other. */
  static final int MAX_DEPTH = 32;

  /** Of one list, and keys of one table. */
  static final int MAX_ITEMS = 10_000;

  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");

  /** The path of a key in a table. */
  static String child(String path, String key) {
    String last =
        PLAIN_KEY.matcher(key).matches()
            ? key
            : '"' + key.replaceAll("[\"\\\\\\p{Cntrl}]", "?") + '"';
    return path.isEmpty() ? last : path + "." + last;
  }

  /** The path of an item of a list. */
  static String item(String path, int index) {
    return path + "[" + index + "]";
  }

  static InvalidBlueprintException invalid(String path, String message) {
    return new InvalidBlueprintException(List.of(new Problem(path, message, Optional.empty())));
  }

  /**
   * The text of a document, without the byte order mark that some editors write.
   *
   * @throws InvalidBlueprintException when the bytes are too many or not UTF-8
   */
  static String decode(byte[] utf8) {
    if (utf8.length > MAX_SIZE) {
      throw invalid("", "The blueprint has more than " + MAX_SIZE + " bytes");
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer input = ByteBuffer.wrap(utf8);
    try {
      return decoder.decode(input).toString();
    } catch (CharacterCodingException e) {
      int at = input.position();
      throw invalid(
          "",
          String.format(
              "The blueprint is not UTF-8: cannot read byte 0x%02x at position %d",
              utf8[at] & 0xff, at));
    }
  }

  static String withoutByteOrderMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** Whether a text can be written as UTF-8, which a lone surrogate cannot. */
  static boolean isWellFormed(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
  }
}
