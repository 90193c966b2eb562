package io.weldr.worker.kickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words of a kickstart line. Kickstart files are split by Python's {@code shlex.split} (POSIX mode,
 * no comments), so this reads and quotes exactly as that does.
 *
 * <p>Security: {@link #quote} is the only place that puts text from a blueprint into a kickstart.
 * It refuses everything that any reader might take for the end of a line, so a value can never
 * become a command or a section of its own.
 */
public final class Words {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%+=:,./_-]+");
  private static final Pattern OPTION = Pattern.compile("(--[a-z][a-z0-9-]*=)(.*)", Pattern.DOTALL);

  private Words() {}

  /**
   * One word as it is written in a line.
   *
   * @throws KickstartException when the word holds a control character, a line or paragraph
   *     separator, or half a character
   */
  public static String quote(String word) throws KickstartException {
    refuseLineBreaks(word);
    Matcher option = OPTION.matcher(word);
    if (option.matches()) {
      String value = option.group(2);
      return option.group(1) + (value.isEmpty() ? "" : quoteValue(value));
    }
    return quoteValue(word);
  }

  /**
   * The words of one line.
   *
   * @throws KickstartException when a quotation or an escape is not closed
   */
  public static List<String> split(String line) throws KickstartException {
    return new Splitter(line).words();
  }

  /** Whether an unquoted word of the line begins with {@code #}. */
  static boolean hasComment(String line) throws KickstartException {
    Splitter splitter = new Splitter(line);
    splitter.words();
    return splitter.comment;
  }

  /**
   * @throws KickstartException when the text cannot be part of one line
   */
  static void refuseLineBreaks(String text) throws KickstartException {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int character = text.codePointAt(i);
      if (!fitsInALine(character)) {
        throw new KickstartException(
            "the value \"%s\" holds the character U+%04X, which is not allowed"
                .formatted(printable(text), character));
      }
    }
  }

  private static boolean fitsInALine(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }

  private static String printable(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .limit(80)
        .forEach(character -> safe.appendCodePoint(fitsInALine(character) ? character : '?'));
    return safe.toString();
  }

  private static String quoteValue(String value) {
    if (PLAIN.matcher(value).matches()) {
      return value;
    }
    return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** The state machine of shlex: outside, inside '…', inside "…". */
  private static final class Splitter {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private boolean comment;
    private int at;

    Splitter(String line) {
      this.line = line;
    }

    List<String> words() throws KickstartException {
      while (at < line.length()) {
        outside(line.charAt(at++));
      }
      endWord();
      return List.copyOf(words);
    }

    private void outside(char c) throws KickstartException {
      comment |= c == '#' && !inWord;
      switch (c) {
        case ' ', '\t', '\r', '\n' -> endWord();
        case '\'' -> single();
        case '"' -> twofold();
        case '\\' -> append(next("an escape"));
        default -> append(c);
      }
    }

    private void single() throws KickstartException {
      inWord = true;
      for (char c = next("a quotation"); c != '\''; c = next("a quotation")) {
        word.append(c);
      }
    }

    private void twofold() throws KickstartException {
      inWord = true;
      for (char c = next("a quotation"); c != '"'; c = next("a quotation")) {
        if (c == '\\') {
          char escaped = next("a quotation");
          if (escaped != '"' && escaped != '\\') {
            word.append('\\');
          }
          word.append(escaped);
        } else {
          word.append(c);
        }
      }
    }

    private char next(String what) throws KickstartException {
      if (at == line.length()) {
        throw new KickstartException(what + " is not closed in the line: " + printable(line));
      }
      return line.charAt(at++);
    }

    private void append(char c) {
      inWord = true;
      word.append(c);
    }

    private void endWord() {
      if (inWord) {
        words.add(word.toString());
        word.setLength(0);
        inWord = false;
      }
    }
  }
}
