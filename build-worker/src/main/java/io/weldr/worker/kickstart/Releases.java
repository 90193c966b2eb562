package io.weldr.worker.kickstart;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.TomlTable;

/**
 * A range of releases by major version, both ends included: {@code { first = 34, last = 41 }}.
 *
 * @param first 0 = from the beginning
 * @param last {@link #NEWEST} = without end
 */
record Releases(int first, int last) {
  /** A release that is not numbered, as the next one, counts as newer than all. */
  static final int NEWEST = Integer.MAX_VALUE;

  static final Releases ALL = new Releases(0, NEWEST);

  private static final Pattern MAJOR = Pattern.compile("([0-9]{1,6})(\\..*)?");
  static final Set<String> KEYS = Set.of("first", "last");

  /** The major version of {@code VERSION_ID}. */
  static int major(String version) {
    Matcher matcher = MAJOR.matcher(version);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : NEWEST;
  }

  static Releases of(TomlTable table) throws IOException {
    return new Releases(number(table, "first").orElse(0), number(table, "last").orElse(NEWEST));
  }

  boolean include(int major) {
    return first <= major && major <= last;
  }

  private static OptionalInt number(TomlTable table, String key) throws IOException {
    Object value = table.get(key);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value instanceof Long number && number >= 0 && number < NEWEST) {
      return OptionalInt.of(number.intValue());
    }
    throw new IOException(key + " is not the major version of a release");
  }
}
