package io.weldr.api.depsolve;

/** A name in which each {@code *} stands for any characters, or none. */
record NameGlob(String pattern) {

  /** Whether it is a plain name. */
  boolean exact() {
    return pattern.indexOf('*') < 0;
  }

  /**
   * Takes at most the product of both lengths, whatever the pattern.
   *
   * @param text ASCII; the name is from {@code start} to before {@code end}
   */
  boolean matches(byte[] text, int start, int end) {
    int p = 0;
    int star = -1;
    int resume = start;
    for (int n = start; n < end; ) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == text[n]) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    return pattern.substring(p).chars().allMatch(c -> c == '*');
  }
}
