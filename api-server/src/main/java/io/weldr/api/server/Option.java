package io.weldr.api.server;

import java.util.Arrays;
import java.util.List;

/** The options of the command line, as lorax-composer has them. */
enum Option {
  SOCKET("--socket", "PATH", "socket to listen on (not used when systemd hands one over)"),
  USER("--user", "NAME", "user the server runs as"),
  GROUP("--group", "NAME", "group that may use the socket"),
  LOG("--log", "FILE", "main log; server.log is written beside it"),
  MOCKFILES("--mockfiles", "DIR", "accepted and not used"),
  SHAREDIR("--sharedir", "DIR", "directory of templates, instead of share_dir"),
  VERSION("-V", "", "print the version and exit"),
  CONFIG("--config", "FILE", "configuration file (also -c)"),
  RELEASEVER("--releasever", "STR", "release for source URLs"),
  DISTRO("--distro", "ID-VERSION", "distribution to compose, instead of the host's"),
  TMP("--tmp", "DIR", "top temporary directory"),
  PROXY("--proxy", "URL", "proxy for package access"),
  NO_SYSTEM_REPOS("--no-system-repos", "", "do not use the sources of the host"),
  HELP("--help", "", "print this and exit (also -h)");

  private final String text;
  private final String value;
  private final String meaning;

  Option(String text, String value, String meaning) {
    this.text = text;
    this.value = value;
    this.meaning = meaning;
  }

  /** Whether an argument follows. */
  boolean takesValue() {
    return !value.isEmpty();
  }

  String text() {
    return text;
  }

  /** One line of the help text. */
  String help() {
    return "  %-24s %s".formatted(text + " " + value, meaning);
  }

  /** The option a word names: exactly, or as the unambiguous beginning of a long one. */
  static Option of(String word) throws UsageException {
    String wanted =
        switch (word) {
          case "-c" -> "--config";
          case "-h" -> "--help";
          default -> word;
        };
    List<Option> matching =
        Arrays.stream(values())
            .filter(option -> wanted.equals(option.text))
            .findFirst()
            .map(List::of)
            .orElseGet(() -> beginningWith(wanted));
    if (matching.isEmpty()) {
      throw new UsageException("unrecognized arguments: " + word);
    }
    if (matching.size() > 1) {
      throw new UsageException(
          "ambiguous option: %s could match %s"
              .formatted(word, String.join(", ", matching.stream().map(Option::text).toList())));
    }
    return matching.getFirst();
  }

  private static List<Option> beginningWith(String word) {
    return Arrays.stream(values())
        .filter(
            option -> word.startsWith("--") && word.length() > 2 && option.text.startsWith(word))
        .toList();
  }
}
