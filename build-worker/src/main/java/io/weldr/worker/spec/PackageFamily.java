package io.weldr.worker.spec;

import java.util.Arrays;
import java.util.Optional;

/** What packages images are made of, by the word {@code share/distros} uses. */
public enum PackageFamily {
  APT("apt", "Debian packages"),
  RPM("rpm", "RPM packages");

  private final String word;
  private final String packages;

  PackageFamily(String word, String packages) {
    this.word = word;
    this.packages = packages;
  }

  /** What its packages are called. */
  public String packages() {
    return packages;
  }

  /** The family with that word. */
  public static Optional<PackageFamily> of(String word) {
    return Arrays.stream(values()).filter(family -> family.word.equals(word)).findFirst();
  }

  /** The family a source belongs to; empty for one of the host, which is of the host's. */
  public static Optional<PackageFamily> of(SourceSpec source) {
    return switch (source) {
      case SourceSpec.Host host -> Optional.empty();
      case SourceSpec.Apt apt -> Optional.of(APT);
      case SourceSpec.Rpm rpm -> Optional.of(RPM);
    };
  }
}
