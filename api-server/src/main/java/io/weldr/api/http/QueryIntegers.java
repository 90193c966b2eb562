package io.weldr.api.http;

import java.math.BigInteger;
import java.util.regex.Pattern;

/** Integers in query strings, written as Python's {@code int()} takes them. */
final class QueryIntegers {
  private static final Pattern FORM = Pattern.compile("\\s*[+-]?[0-9]+(_[0-9]+)*\\s*");
  private static final BigInteger MAX = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
  private static final int MAX_DIGITS = 1000;

  private QueryIntegers() {}

  /** The text is not an integer; the message quotes it. */
  static final class NotAnInteger extends Exception {
    private static final long serialVersionUID = 1;

    NotAnInteger(String text) {
      super("invalid literal for int() with base 10: '" + text + "'");
    }
  }

  /**
   * Reads an integer; what is beyond the range of {@code int} becomes its end.
   *
   * @throws NotAnInteger when it is none
   */
  static int parse(String text) throws NotAnInteger {
    return number(text).min(MAX).max(MAX.negate()).intValueExact();
  }

  /**
   * Reads an integer; what is beyond the range of {@code long} becomes its end.
   *
   * @throws NotAnInteger when it is none
   */
  static long parseLong(String text) throws NotAnInteger {
    return number(text).min(MAX_LONG).max(MAX_LONG.negate()).longValueExact();
  }

  private static BigInteger number(String text) throws NotAnInteger {
    if (text.length() > MAX_DIGITS || !FORM.matcher(text).matches()) {
      throw new NotAnInteger(text);
    }
    String digits = text.strip().replace("_", "");
    return new BigInteger(digits);
  }
}
