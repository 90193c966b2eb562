package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hostile documents. The corpus is in resources {@code fuzz}: files that begin with {@code ok} are
 * blueprints, those with {@code bad} are none. A document that broke something belongs there.
 */
class FuzzTest {
  private static final long SEED = 20261123;
  private static final int MUTATIONS_OF_ONE = 60;
  private static final int DEEP = 50_000;
  private static final String[] PIECES = {
    "\"",
    "'",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "\n",
    "\\",
    ":",
    "0",
    "-",
    "\"\"\"",
    "true",
    "null",
    "1e999",
    "\\u0000",
    "\\uD800",
    "\ud83d\ude00",
    "\ufeff",
    "\u202e",
    "9223372036854775808",
    "name",
    "customizations",
    "[customizations.disk]",
    "[[customizations.user]]",
    "\"password\":",
    "\u0000"
  };

  static List<Path> corpus() throws IOException, URISyntaxException {
    Path directory = Path.of(FuzzTest.class.getResource("fuzz").toURI());
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void theCorpusIsTakenOrRefusedAsItsNamesSay(Path file) throws IOException {
    boolean good = name(file).startsWith("ok");
    assertTrue(good || name(file).startsWith("bad"), name(file));
    assertEquals(good, isTaken(file, Files.readAllBytes(file)), name(file));
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void changedDocumentsAreTakenOrRefusedAndNothingElse(Path file) throws IOException {
    Random random = new Random(SEED + name(file).hashCode());
    byte[] original = Files.readAllBytes(file);
    for (int i = 0; i < MUTATIONS_OF_ONE; i++) {
      isTaken(file, mutated(original, random));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[", "{", "[{", "{\"a\":", "{\"a\":[", "a=[", "a={b=", "a.", "[a.", "[[a."})
  void deepDocumentsAreRefused(String piece) {
    for (int depth : List.of(33, 1_000, DEEP)) {
      assertFalse(isTaken(true, bytes(piece.repeat(depth))));
      assertFalse(isTaken(false, bytes(piece.repeat(depth))));
      String head = "name = \"a\"\ndescription = \"\"\n[customizations]\nx = ";
      assertFalse(isTaken(true, bytes(head + "[".repeat(depth) + "]".repeat(depth) + "\n")));
      assertFalse(isTaken(true, bytes(head + "{a=".repeat(depth) + "1" + "}".repeat(depth))));
    }
  }

  @Test
  void largeDocumentsAreRefused() {
    byte[] large = new byte[(1 << 20) + 1];
    Arrays.fill(large, (byte) '#');
    assertFalse(isTaken(true, large));
    assertFalse(isTaken(false, large));
    String items = "{\"name\":\"a\"},".repeat(10_001);
    assertFalse(
        isTaken(
            false,
            bytes(
                "{\"name\":\"a\",\"description\":\"\",\"packages\":["
                    + items.substring(0, items.length() - 1)
                    + "]}")));
  }

  private static boolean isTaken(Path file, byte[] document) {
    return isTaken(name(file).endsWith(".toml"), document);
  }

  /** Whether a document is a blueprint; one that is survives being stored. */
  private static boolean isTaken(boolean toml, byte[] document) {
    try {
      Blueprint read =
          toml ? BlueprintParser.fromToml(document) : BlueprintParser.fromJson(document);
      String stored = BlueprintToml.print(read);
      assertEquals(read, BlueprintParser.fromStored(bytes(stored)), stored);
      assertEquals(stored, BlueprintToml.print(BlueprintParser.fromToml(stored)));
      return true;
    } catch (InvalidBlueprintException e) {
      assertFalse(e.problems().isEmpty());
      assertFalse(e.getMessage().isBlank());
      return false;
    }
  }

  private static byte[] mutated(byte[] original, Random random) {
    String text = new String(original, StandardCharsets.ISO_8859_1);
    for (int i = 1 + random.nextInt(4); i > 0 && !text.isEmpty(); i--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(12));
      String piece =
          new String(bytes(PIECES[random.nextInt(PIECES.length)]), StandardCharsets.ISO_8859_1);
      text =
          switch (random.nextInt(5)) {
            case 0 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + piece + text.substring(at);
            case 2 -> text.substring(0, at) + text.substring(end);
            case 3 -> text.substring(0, end) + text.substring(at);
            default -> text.substring(0, at);
          };
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
