package io.weldr.api.blueprint;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of bytes: a number, or a text such as {@code 10 GiB}.
 *
 * @param text as it was written, when it was not a plain number
 */
public record DataSize(long bytes, Optional<String> text) {
  static final String EXPECTATION =
      "a number of bytes or a text such as \"10 GiB\"; units are B, kB, KiB, MB, MiB, GB, GiB, TB"
          + " and TiB";

  private static final Pattern FORM = Pattern.compile("([0-9]{1,15}) ?([kKMGT]?i?B)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "kB", 1_000L,
          "KiB", 1L << 10,
          "MB", 1_000_000L,
          "MiB", 1L << 20,
          "GB", 1_000_000_000L,
          "GiB", 1L << 30,
          "TB", 1_000_000_000_000L,
          "TiB", 1L << 40);

  /** Reads a value; empty when it is no size or more than 2^63 bytes. */
  static Optional<DataSize> of(Node value) {
    if (value instanceof Node.Whole whole) {
      return Optional.of(new DataSize(whole.value(), Optional.empty()))
          .filter(size -> size.bytes() >= 0);
    }
    if (!(value instanceof Node.Text text)) {
      return Optional.empty();
    }
    Matcher m = FORM.matcher(text.value());
    if (!m.matches() || !UNITS.containsKey(m.group(2))) {
      return Optional.empty();
    }
    long number = Long.parseLong(m.group(1));
    long unit = UNITS.get(m.group(2));
    return Math.multiplyHigh(number, unit) == 0 && number * unit >= 0
        ? Optional.of(new DataSize(number * unit, Optional.of(text.value())))
        : Optional.empty();
  }

  Node node() {
    return text.<Node>map(Node.Text::new).orElse(new Node.Whole(bytes));
  }
}
