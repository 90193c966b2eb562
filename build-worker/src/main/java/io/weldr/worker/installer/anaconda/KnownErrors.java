package io.weldr.worker.installer.anaconda;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * What Anaconda's messages mean: {@code errors.toml} beside this class. The first that fits wins.
 */
final class KnownErrors {
  private static final int LONGEST = 400;
  private static final List<KnownError> ERRORS = load();

  private KnownErrors() {}

  /**
   * @param message with {@code $1} for groups of the pattern
   */
  private record KnownError(Pattern pattern, FailureCode code, String message, String hint) {
    Optional<BuildException> explain(String text) {
      Matcher matcher = pattern.matcher(text);
      if (!matcher.find()) {
        return Optional.empty();
      }
      StringBuilder sentence = new StringBuilder();
      // Only the replacement counts: what is before and after the match is in the log.
      matcher.appendReplacement(sentence, message);
      return Optional.of(
          new BuildException(code, shortened(sentence.substring(matcher.start())), hint));
    }
  }

  /** The failure that a message of Anaconda means, if it is known. */
  static Optional<BuildException> explain(String text) {
    return ERRORS.stream().flatMap(known -> known.explain(text).stream()).findFirst();
  }

  /** One line that fits into a reply. */
  static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  private static List<KnownError> load() {
    try (InputStream stream = KnownErrors.class.getResourceAsStream("errors.toml")) {
      TomlParseResult toml = Toml.parse(stream);
      if (toml.hasErrors()) {
        throw new IOException("errors.toml: " + toml.errors().getFirst());
      }
      TomlArray tables = toml.getArrayOrEmpty("error");
      List<KnownError> errors = new ArrayList<>();
      for (int i = 0; i < tables.size(); i++) {
        errors.add(error(tables.getTable(i)));
      }
      return List.copyOf(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KnownError error(TomlTable table) {
    return new KnownError(
        Pattern.compile(table.getString("pattern")),
        FailureCode.valueOf(table.getString("code").toUpperCase(Locale.ROOT)),
        table.getString("message"),
        table.getString("hint"));
  }
}
