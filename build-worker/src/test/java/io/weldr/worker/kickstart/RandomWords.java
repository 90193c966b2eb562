package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Words made of what is hard to quote; the same ones for the same seed. */
final class RandomWords {
  private static final List<String> PIECES =
      List.of(
          "a",
          "Z",
          "9",
          " ",
          "  ",
          "\"",
          "'",
          "\\",
          "\\\\",
          "\\\"",
          "#",
          "$",
          "$(reboot)",
          "`id`",
          ";",
          "&&",
          "|",
          ">",
          "%",
          "%post",
          "%end",
          "%packages",
          "--",
          "--x=",
          "=",
          ",",
          "*",
          "~",
          "!",
          "\u00e4",
          "\u65e5\u672c",
          "\ud83d\ude00",
          "\u200b",
          "\u202e",
          "\u00a0",
          "\u3000",
          "rootpw --plaintext x",
          "{}",
          "[",
          "(",
          "\\n",
          "/",
          "..",
          ":",
          "@",
          "+");

  private final Random random;

  RandomWords(long seed) {
    this.random = new Random(seed);
  }

  List<String> words() {
    List<String> words = new ArrayList<>();
    for (int count = random.nextInt(5); count >= 0; count--) {
      words.add(word());
    }
    return words;
  }

  String word() {
    StringBuilder word = new StringBuilder();
    for (int count = random.nextInt(8); count > 0; count--) {
      word.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return word.toString();
  }
}
