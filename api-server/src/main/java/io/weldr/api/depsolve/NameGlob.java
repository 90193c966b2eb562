package io.weldr.api.depsolve;

/** A name in which each {@code *} stands for any characters, or none. */
record NameGlob(String pattern) {

  /** Whether it is a plain name. */
  boolean exact() {
    return pattern.indexOf('*') < 0;
  }

  /** Takes at most the product of both lengths, whatever the pattern. */
  boolean matches(String name) {
    int p = 0;
    int star = -1;
    int resume = 0;
    for (int n = 0; n < name.length(); ) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
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
