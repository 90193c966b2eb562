package io.weldr.api.source;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What kind of archive a source is, by the word clients use. */
public enum SourceType {
  /** An archive of Debian packages: an extension of this server. */
  APT("apt", PackageFamily.APT),
  /** A repository of RPM packages at an address. */
  YUM_BASEURL("yum-baseurl", PackageFamily.RPM),
  /** A metalink that lists mirrors of a repository. */
  YUM_METALINK("yum-metalink", PackageFamily.RPM),
  /** A plain list of mirrors of a repository. */
  YUM_MIRRORLIST("yum-mirrorlist", PackageFamily.RPM);

  private final String word;
  private final PackageFamily family;

  SourceType(String word, PackageFamily family) {
    this.word = word;
    this.family = family;
  }

  public String word() {
    return word;
  }

  public PackageFamily family() {
    return family;
  }

  /** The type a client's word stands for. */
  public static Optional<SourceType> of(String word) {
    return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
  }

  /** The words for the sources of a family. */
  public static List<String> words(PackageFamily family) {
    return Arrays.stream(values())
        .filter(type -> type.family == family)
        .map(SourceType::word)
        .toList();
  }
}
