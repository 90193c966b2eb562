package io.weldr.api.source;

import java.util.Arrays;
import java.util.Optional;

/** What packages a host works with, by the word {@code share/distros} uses. */
public enum PackageFamily {
  APT("apt", "Debian packages"),
  RPM("rpm", "RPM packages");

  private final String word;
  private final String packages;

  PackageFamily(String word, String packages) {
    this.word = word;
    this.packages = packages;
  }

  public String word() {
    return word;
  }

  /** What its packages are called. */
  public String packages() {
    return packages;
  }

  public static Optional<PackageFamily> of(String word) {
    return Arrays.stream(values()).filter(family -> family.word.equals(word)).findFirst();
  }
}
