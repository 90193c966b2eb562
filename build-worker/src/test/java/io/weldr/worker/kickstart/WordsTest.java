package io.weldr.worker.kickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  private static final String SPLIT_EACH =
      "import json,shlex,sys;"
          + "json.dump([shlex.split(line) for line in json.load(sys.stdin)], sys.stdout)";

  @Test
  void harmlessWordsStayAsTheyAre() throws Exception {
    assertEquals("--port=22:tcp,80:tcp", Words.quote("--port=22:tcp,80:tcp"));
    assertEquals("de_DE.UTF-8", Words.quote("de_DE.UTF-8"));
  }

  @Test
  void theNameOfAnOptionStaysOutsideTheQuotes() throws Exception {
    assertEquals("--append=\"a b\"", Words.quote("--append=a b"));
    assertEquals("--append=\"a=\\\"b c\\\"\"", Words.quote("--append=a=\"b c\""));
  }

  @Test
  void anEmptyWordIsAWord() throws Exception {
    assertEquals(List.of("a", "", "b"), Words.split("a " + Words.quote("") + " b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\rb",
        "a\u0000b",
        "a\u000bb",
        "a\u000cb",
        "a\u001cb",
        "a\u0085b",
        "a\u2028b",
        "a\u2029b",
        "a\tb",
        "a\u001bb",
        "a\u007fb",
        "\n",
        "a\n",
        "a\ud800b"
      })
  void whatMayEndALineIsRefused(String word) {
    KickstartException refused =
        assertThrows(KickstartException.class, () -> Words.quote("--x=" + word));
    assertTrue(refused.getMessage().contains("U+"), refused.getMessage());
    assertTrue(refused.getMessage().chars().noneMatch(Character::isISOControl));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a", "'a", "a\\", "\"a\\"})
  void whatIsNotClosedIsRefused(String line) {
    assertThrows(KickstartException.class, () -> Words.split(line));
  }

  @Test
  void pythonReadsWhatIsWritten() throws Exception {
    List<List<String>> all = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    RandomWords random = new RandomWords(20261123);
    for (int i = 0; i < 20_000; i++) {
      List<String> words = random.words();
      List<String> quoted = new ArrayList<>();
      for (String word : words) {
        quoted.add(Words.quote(word));
      }
      all.add(words);
      lines.add(String.join(" ", quoted));
      assertEquals(words, Words.split(lines.getLast()));
    }
    assertEquals(all, splitByPython(lines));
  }

  @Test
  void anyLineIsSplitAsPythonSplitsIt() throws Exception {
    Random random = new Random(4711);
    String alphabet = "ab \t\"'\\\\#$=-\u00e4";
    List<String> lines = new ArrayList<>();
    List<List<String>> all = new ArrayList<>();
    while (lines.size() < 5_000) {
      StringBuilder line = new StringBuilder();
      for (int length = random.nextInt(20); length > 0; length--) {
        line.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        all.add(Words.split(line.toString()));
        lines.add(line.toString());
      } catch (KickstartException e) {
        assertTrue(e.getMessage().contains("not closed"), e.getMessage());
      }
    }
    assertEquals(all, splitByPython(lines));
  }

  private static List<List<String>> splitByPython(List<String> lines)
      throws IOException, InterruptedException {
    ObjectMapper json = new ObjectMapper();
    Process python =
        new ProcessBuilder("/usr/bin/python3", "-I", "-c", SPLIT_EACH)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Thread.ofVirtual()
        .start(
            () -> {
              try (var to = python.outputWriter(StandardCharsets.UTF_8)) {
                to.write(json.writeValueAsString(lines));
              } catch (IOException e) {
                python.destroy();
              }
            });
    var split = json.readValue(python.getInputStream(), new TypeReference<List<List<String>>>() {});
    assertEquals(0, python.waitFor());
    return split;
  }
}
