package io.weldr.api.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a user source may be made of. Its values reach apt's configuration in this process's and the
 * build worker's downloads, so each matches a narrow pattern: no blanks, quotes, option brackets or
 * control characters anywhere. What passes here passes the build worker's own checks too.
 */
final class SourceChecks {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,127}");
  private static final Pattern SUITE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+./_-]{0,127}|\\./|/");
  private static final Pattern COMPONENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+./_-]{0,63}");
  private static final Pattern APT_URL =
      Pattern.compile(
          "https?://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]{2,39}\\])"
              + "(:[0-9]{1,5})?(/[A-Za-z0-9._~%+:@,=/-]*)?");
  private static final Pattern URL_CHARACTERS =
      Pattern.compile("[!#-&(-;=?-Z_a-z~\\[\\]-]{1,2048}");
  private static final String KEY_BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
  private static final String KEY_END = "-----END PGP PUBLIC KEY BLOCK-----";
  private static final int MOST_ITEMS = 32;
  private static final int MOST_KEYS = 16;
  private static final int LONGEST_KEY = 64 << 10;

  private SourceChecks() {}

  static void check(Source source) throws InvalidSourceException {
    checkId(source.id());
    if (source.name().length() > 256 || source.name().chars().anyMatch(Character::isISOControl)) {
      throw new InvalidSourceException(
          "name must be at most 256 characters, none of them a control character");
    }
    checkUrl("url", source.url());
    if (source.proxy().isPresent()) {
      checkUrl("proxy", source.proxy().get());
    }
    if (source.type().family() == PackageFamily.APT) {
      checkAptUrl(source.url());
      checkSuites(source);
    } else if (!source.suites().isEmpty() || !source.components().isEmpty()) {
      throw new InvalidSourceException(
          "suites and components are for sources of type " + SourceType.APT.word());
    }
    for (String url : source.keys().urls()) {
      checkUrl("each entry of gpgkey_urls", url);
    }
    checkKeys(source.keys().all());
  }

  private static void checkSuites(Source source) throws InvalidSourceException {
    checkAll("suites", SUITE, source.suites());
    checkAll("components", COMPONENT, source.components());
    boolean flat = source.components().isEmpty();
    if (source.suites().isEmpty()
        || source.suites().stream().anyMatch(suite -> suite.endsWith("/") != flat)) {
      throw new InvalidSourceException(
          "suites and components are needed, or one suite that ends with '/' and no components");
    }
  }

  /**
   * Refuses what the package manager would refuse together with another source, which would make
   * both useless.
   */
  static void checkBeside(Source source, Collection<Source> others) throws InvalidSourceException {
    for (Source other : others) {
      if (other.id().equals(source.id())) {
        continue;
      }
      if (sameArchive(source, other)) {
        throw new InvalidSourceException(
            "source " + other.id() + " already has this address" + suiteClause(source));
      }
      boolean alike = source.proxy().equals(other.proxy()) && source.checkTls() == other.checkTls();
      if (!alike && source.type() == SourceType.APT && host(source).equals(host(other))) {
        throw new InvalidSourceException(
            "source "
                + other.id()
                + " uses the same server with another proxy or TLS check; apt needs them equal");
      }
    }
  }

  private static String suiteClause(Source source) {
    return source.type() == SourceType.APT ? " and a suite of this one" : "";
  }

  private static boolean sameArchive(Source source, Source other) {
    boolean sameAddress = base(source).equals(base(other)) && source.type() == other.type();
    return sameAddress
        && (source.type() != SourceType.APT
            || source.suites().stream().anyMatch(other.suites()::contains));
  }

  private static String base(Source source) {
    return source.url().replaceFirst("/+$", "");
  }

  private static Optional<String> host(Source source) {
    try {
      return Optional.ofNullable(new URI(source.url()).getHost());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static void checkId(String id) throws InvalidSourceException {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean allowed = c < 128 && (Character.isLetterOrDigit(c) || "-_.:".indexOf(c) >= 0);
      if (!allowed) {
        // The text dnf gives, which the clients know.
        throw new InvalidSourceException(
            "Invalid repository id \""
                + printable(id)
                + "\": invalid character '"
                + printable(String.valueOf(c))
                + "' at position "
                + (i + 1)
                + ".");
      }
    }
    if (!ID.matcher(id).matches()) {
      throw new InvalidSourceException(
          "Invalid repository id: it must be 1 to 128 characters and start with a letter, a digit"
              + " or '_'");
    }
  }

  private static String printable(String text) {
    return text.codePoints()
        .limit(128)
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static void checkUrl(String field, String text) throws InvalidSourceException {
    String rule = field + " must be an http or https address without user name, blanks or quotes";
    if (!URL_CHARACTERS.matcher(text).matches()) {
      throw new InvalidSourceException(rule);
    }
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (!web
          || uri.getHost() == null
          || uri.getRawUserInfo() != null
          || uri.getRawFragment() != null) {
        throw new InvalidSourceException(rule);
      }
    } catch (URISyntaxException e) {
      throw new InvalidSourceException(rule);
    }
  }

  /** apt knows no queries, and paths are joined with the locations of packages. */
  private static void checkAptUrl(String url) throws InvalidSourceException {
    if (!APT_URL.matcher(url).matches() || url.contains("/../") || url.endsWith("/..")) {
      throw new InvalidSourceException(
          "url must be a plain http or https address: letters, digits and ._~%+:@,=/- without"
              + " '..'");
    }
  }

  private static void checkAll(String field, Pattern pattern, List<String> values)
      throws InvalidSourceException {
    if (values.size() > MOST_ITEMS) {
      throw new InvalidSourceException(field + " may have at most " + MOST_ITEMS + " items");
    }
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      if (!pattern.matcher(value).matches() || value.contains("..")) {
        throw new InvalidSourceException(
            field + " entry #" + (i + 1) + " has a character that is not allowed");
      }
    }
  }

  private static void checkKeys(List<String> keys) throws InvalidSourceException {
    if (keys.size() > MOST_KEYS) {
      throw new InvalidSourceException("at most " + MOST_KEYS + " keys are allowed");
    }
    for (int i = 0; i < keys.size(); i++) {
      if (!armoured(keys.get(i))) {
        throw new InvalidSourceException(
            "key #" + (i + 1) + " is not an armoured OpenPGP public key");
      }
    }
  }

  private static boolean armoured(String key) {
    List<String> lines = key.strip().lines().toList();
    return key.length() <= LONGEST_KEY
        && lines.size() > 2
        && lines.getFirst().equals(KEY_BEGIN)
        && lines.getLast().equals(KEY_END)
        && lines.stream().allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c <= '~'));
  }
}
