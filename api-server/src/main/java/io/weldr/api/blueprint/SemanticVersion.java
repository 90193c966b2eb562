package io.weldr.api.blueprint;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version as semver.org 2.0.0 defines it, at most 64 characters and 9 digits a number. */
record SemanticVersion(String text, long major, long minor, long patch, boolean preRelease) {
  private static final String NUMBER = "(0|[1-9][0-9]{0,8})";
  private static final String IDENTIFIER = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
  private static final Pattern FORM =
      Pattern.compile(
          NUMBER
              + "\\."
              + NUMBER
              + "\\."
              + NUMBER
              + "(-"
              + IDENTIFIER
              + "(?:\\."
              + IDENTIFIER
              + ")*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?");

  private static final long MOST = 999_999_999;

  /** What a blueprint gets that was never saved with a version. */
  static final String FIRST = "0.0.1";

  static Optional<SemanticVersion> parse(String text) {
    Matcher m = FORM.matcher(text);
    if (text.length() > 64 || !m.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new SemanticVersion(
            text,
            Long.parseLong(m.group(1)),
            Long.parseLong(m.group(2)),
            Long.parseLong(m.group(3)),
            m.group(4) != null));
  }

  /**
   * The version after this one: a pre-release becomes its release, everything else counts its patch
   * number up; build metadata is dropped. A number with no room left starts the next one.
   */
  String next() {
    if (preRelease) {
      return major + "." + minor + "." + patch;
    }
    if (patch < MOST) {
      return major + "." + minor + "." + (patch + 1);
    }
    return minor < MOST ? major + "." + (minor + 1) + ".0" : (major + 1) + ".0.0";
  }

  /**
   * The version a saved blueprint gets.
   *
   * @param old of the newest commit on the branch
   * @param posted in the document being saved
   */
  static String bump(Optional<String> old, Optional<String> posted) {
    Optional<SemanticVersion> before = old.flatMap(SemanticVersion::parse);
    if (posted.isPresent() && !posted.equals(old)) {
      return posted.get();
    }
    return before.map(SemanticVersion::next).orElse(posted.orElse(FIRST));
  }
}
