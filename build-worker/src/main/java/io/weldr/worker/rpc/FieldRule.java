package io.weldr.worker.rpc;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a string field may hold. Every rule matches the whole value and allows no line break, unless
 * it says so.
 *
 * @param description follows "is not", e.g. {@code a host name}
 */
record FieldRule(Predicate<String> test, String description) {
  static final FieldRule COMPOSE_ID = new FieldRule(FieldRule::isUuid, "a UUID in lower case");
  static final FieldRule OUTPUT_TYPE =
      pattern("[a-z0-9][a-z0-9-]{0,31}", "a name of an output type");
  static final FieldRule BLUEPRINT_NAME =
      pattern("(?!\\.{1,2}$)[A-Za-z0-9._][A-Za-z0-9._-]{0,199}", "a blueprint name");
  static final FieldRule BLUEPRINT_VERSION =
      pattern(
          "(?=.{1,64}$)[0-9]{1,9}\\.[0-9]{1,9}\\.[0-9]{1,9}([-+][0-9A-Za-z.+-]+)?",
          "a semantic version");
  static final FieldRule COMMIT =
      pattern("[0-9a-f]{40}", "a commit id of 40 lower case hex digits");
  static final FieldRule DOCUMENT =
      new FieldRule(FieldRule::isDocument, "text of at most 1 MiB without control characters");

  static final FieldRule PACKAGE_NAME =
      pattern("[A-Za-z0-9][A-Za-z0-9+._-]{0,127}", "a package name");
  static final FieldRule PACKAGE_VERSION =
      pattern("[A-Za-z0-9][A-Za-z0-9+.~^_-]{0,127}", "a package version");
  static final FieldRule PACKAGE_RELEASE = pattern("[A-Za-z0-9+.~^_]{1,128}", "a package release");
  static final FieldRule ARCHITECTURE = pattern("[a-z0-9][a-z0-9_-]{0,31}", "an architecture");

  static final FieldRule LOCATION =
      pattern(
          "(\\./)?(?!(.*/)?\\.\\.(/.*)?$)[A-Za-z0-9][A-Za-z0-9+./~^_:%=,@-]{0,1023}",
          "the place of a package below its source");

  static final FieldRule SOURCE_ID = pattern("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,127}", "a source id");
  static final FieldRule URL =
      new FieldRule(FieldRule::isUrl, "an http or https URL without user, query and fragment");
  static final FieldRule RPM_URL =
      new FieldRule(
          value -> isUrl(variablesFilled(value)),
          "an http or https URL without user, query and fragment");
  static final FieldRule MIRRORS_URL =
      new FieldRule(FieldRule::isUrlWithQuery, "an http or https URL without user and fragment");
  static final FieldRule PROXY =
      new FieldRule(FieldRule::isUrl, "an http or https URL without user, query and fragment");
  static final FieldRule SUITE =
      pattern(
          "(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._/+-]{0,127}|\\./|/",
          "a suite, or the directory of a flat repository");
  static final FieldRule COMPONENT =
      pattern("(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._/+-]{0,63}", "a component");
  static final FieldRule PUBLIC_KEY =
      new FieldRule(FieldRule::isPublicKey, "an armoured OpenPGP public key block");

  static final FieldRule GIT_URL =
      pattern(
          "(?=.{1,2048}$)(?!.*/\\.\\.?(/|$))"
              + "((https|git)://|ssh://([A-Za-z_][A-Za-z0-9_.-]{0,31}@)?|file://(?=/))"
              + "([A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?|(?<=file://))"
              + "/[A-Za-z0-9._~%+@,=/-]*",
          "an https, ssh, git or file URL without password, query and fragment");
  static final FieldRule GIT_REF =
      pattern(
          "(?!.*\\.\\.)[A-Za-z0-9_.][A-Za-z0-9_./@^~+-]{0,255}", "a branch, tag or commit of git");
  static final FieldRule GIT_VERSION =
      pattern("[A-Za-z0-9][A-Za-z0-9+._~^]{0,63}", "a version or release of a package");
  static final FieldRule SUMMARY =
      new FieldRule(
          value -> isOneLine(value, 256) && !value.isBlank(), "one line of at most 256 characters");

  static final FieldRule HOST_NAME =
      pattern(
          "(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*",
          "a host name of at most 64 characters");
  static final FieldRule KERNEL_APPEND =
      pattern("[ -~]{1,2048}", "kernel arguments in printable ASCII");
  static final FieldRule USER_NAME =
      pattern("[a-z_][a-z0-9_.-]{0,31}", "a user name of lower case letters, digits, _ . -");
  static final FieldRule GROUP_NAME =
      pattern("[a-z_][a-z0-9_.-]{0,31}", "a group name of lower case letters, digits, _ . -");
  static final FieldRule DESCRIPTION =
      new FieldRule(
          value -> isOneLine(value, 256) && value.indexOf(':') < 0,
          "one line of at most 256 characters without a colon");
  static final FieldRule PASSWORD_HASH =
      pattern(
          "\\$(6|5|2b|y)\\$[A-Za-z0-9./$=,]{8,240}", "a crypt(3) hash of $6$, $5$, $2b$ or $y$");
  static final FieldRule SSH_KEY =
      new FieldRule(
          value -> isOneLine(value, 16384) && value.equals(value.strip()),
          "one line of authorized_keys");
  static final FieldRule PATH =
      pattern(
          "(?=.{2,255}$)(/(?!\\.{1,2}(/|$))[A-Za-z0-9._+-]+)+",
          "an absolute path without . and ..");
  static final FieldRule ZONE =
      pattern(
          "(?=.{1,64}$)[A-Za-z0-9_][A-Za-z0-9_+-]*(/[A-Za-z0-9_][A-Za-z0-9_+-]*){0,3}",
          "a time zone name");
  static final FieldRule SERVER =
      pattern("[A-Za-z0-9]([A-Za-z0-9.:-]{0,252})", "a host name or an address");
  static final FieldRule LANGUAGE =
      pattern(
          "C|POSIX|C\\.[Uu][Tt][Ff]-?8|"
              + "[a-z]{2,3}(_[A-Z]{2})?(\\.[A-Za-z0-9-]{1,16})?(@[a-z]{1,16})?",
          "a locale name");
  static final FieldRule KEYBOARD =
      pattern("[A-Za-z0-9][A-Za-z0-9_.,() -]{0,63}", "a keyboard layout");
  static final FieldRule PORT =
      new FieldRule(FieldRule::isPort, "PORT:PROTOCOL, FROM-TO:PROTOCOL or SERVICE:PROTOCOL");
  static final FieldRule FIREWALL_SERVICE =
      pattern("[A-Za-z0-9][A-Za-z0-9_-]{0,63}", "a firewall service");
  static final FieldRule UNIT = pattern("[A-Za-z0-9][A-Za-z0-9:_.@-]{0,127}", "a unit name");
  static final FieldRule CLIENT_VERSION = pattern("[ -~]{0,64}", "a version in printable ASCII");

  private static final int MIB = 1 << 20;
  private static final Pattern URL_SHAPE =
      Pattern.compile(
          "https?://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]{2,39}\\])"
              + "(:[0-9]{1,5})?(/[A-Za-z0-9._~%+:@,=/-]*)?");
  private static final Pattern VARIABLE = Pattern.compile("\\$[a-z][a-z0-9_]{0,31}");
  private static final Pattern QUERY = Pattern.compile("[A-Za-z0-9._~%+:@,=/&-]{0,1024}");
  private static final Pattern PORT_SHAPE =
      Pattern.compile(
          "(?:([0-9]{1,5})(?:-([0-9]{1,5}))?|[A-Za-z][A-Za-z0-9_-]{0,31}):(tcp|udp|sctp|dccp)");
  private static final Pattern KEY_SHAPE =
      Pattern.compile(
          "-----BEGIN PGP PUBLIC KEY BLOCK-----\\r?\\n[ -~\\r\\n]+"
              + "-----END PGP PUBLIC KEY BLOCK-----\\s*");

  boolean fits(String value) {
    return test.test(value);
  }

  private static FieldRule pattern(String regex, String description) {
    Pattern compiled = Pattern.compile(regex);
    return new FieldRule(value -> compiled.matcher(value).matches(), description);
  }

  private static boolean isUuid(String value) {
    try {
      return value.length() == 36 && UUID.fromString(value).toString().equals(value);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isDocument(String value) {
    return value.getBytes(StandardCharsets.UTF_8).length <= MIB
        && value.codePoints().allMatch(c -> c == '\n' || c == '\r' || c == '\t' || isText(c));
  }

  private static boolean isOneLine(String value, int most) {
    return !value.isEmpty()
        && value.length() <= most
        && value.codePoints().allMatch(FieldRule::isText);
  }

  /** No control, no invisible format character such as those that reverse text. */
  private static boolean isText(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static boolean isUrl(String value) {
    if (value.length() > 2048 || !URL_SHAPE.matcher(value).matches()) {
      return false;
    }
    try {
      URI uri = new URI(value);
      boolean up = uri.getPath().contains("/../") || uri.getPath().endsWith("/..");
      return uri.getHost() != null && uri.getPort() <= 65535 && !up;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** With a word in the place of each of dnf's variables. */
  private static String variablesFilled(String url) {
    return VARIABLE.matcher(url).replaceAll("x");
  }

  private static boolean isUrlWithQuery(String value) {
    String filled = variablesFilled(value);
    int mark = filled.indexOf('?');
    return mark < 0
        ? isUrl(filled)
        : isUrl(filled.substring(0, mark)) && QUERY.matcher(filled.substring(mark + 1)).matches();
  }

  private static boolean isPublicKey(String value) {
    return value.length() <= 65536 && KEY_SHAPE.matcher(value).matches();
  }

  private static boolean isPort(String value) {
    Matcher matcher = PORT_SHAPE.matcher(value);
    if (!matcher.matches()) {
      return false;
    }
    if (matcher.group(1) == null) {
      return true;
    }
    int from = Integer.parseInt(matcher.group(1));
    int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
    return from >= 1 && from <= to && to <= 65535;
  }
}
