package io.weldr.api.blueprint;

import java.util.regex.Pattern;

/**
 * The name of a blueprint: 1 to 200 letters, digits, dots, underscores and dashes (ASCII). It
 * becomes a file name and part of a git ref, so a leading dash or dot, a trailing dot or {@code
 * .lock}, and two dots in a row are refused.
 */
public record BlueprintName(String value) implements Comparable<BlueprintName> {
  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

  public BlueprintName {
    if (!ALLOWED.matcher(value).matches()
        || value.startsWith("-")
        || value.startsWith(".")
        || value.endsWith(".")
        || value.endsWith(".lock")
        || value.contains("..")) {
      throw new InvalidNameException(
          "Invalid blueprint name: it must be 1 to 200 of the characters a-z A-Z 0-9 . _ - and must"
              + " not start with '-' or '.', end with '.' or '.lock', or contain '..'");
    }
  }

  /**
   * Checks a name.
   *
   * @throws InvalidNameException when it is not allowed
   */
  public static BlueprintName of(String value) {
    return new BlueprintName(value);
  }

  /** The file at the root of the git tree that holds the blueprint. */
  String fileName() {
    return value + ".toml";
  }

  /** Byte-wise order, upper case before lower case. */
  @Override
  public int compareTo(BlueprintName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
