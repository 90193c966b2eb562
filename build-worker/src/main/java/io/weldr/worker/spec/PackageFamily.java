package io.weldr.worker.spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What packages images are made of, by the word {@code share/distros} uses. */
public enum PackageFamily {
  APT("apt", "Debian packages", List.of("dpkg-deb", "zstd")),
  RPM("rpm", "RPM packages", List.of("rpm", "rpmkeys"));

  private final String word;
  private final String packages;
  private final List<String> tools;

  PackageFamily(String word, String packages, List<String> tools) {
    this.word = word;
    this.packages = packages;
    this.tools = tools;
  }

  /** What its packages are called. */
  public String packages() {
    return packages;
  }

  /** Programs in /usr/bin of the host that install its packages. */
  public List<String> tools() {
    return tools;
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
