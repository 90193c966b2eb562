package io.weldr.api.blueprint;

import java.time.ZoneId;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a text in a blueprint may look like. Most of these end up as words of a kickstart, in files
 * of the image or as arguments of programs, so the patterns are narrow and name every character
 * they let through.
 */
enum ValueRule {
  ANY_TEXT("a text without control characters", ValueRule::isText),
  HOST_NAME(
      "a host name of at most 64 characters: letters, digits and '-', in parts joined by '.'",
      matches("(?=.{1,64}$)(?!.*\\.$)" + Patterns.HOST)),
  KERNEL_ARGUMENTS(
      "kernel arguments made of letters, digits, blanks and _.,:=/@+~*!()[]{}-",
      matches("(?=.*[^ ])[A-Za-z0-9_.,:=/@+~*!()\\[\\]{} -]{1,2048}")),
  ACCOUNT_NAME(
      "a lower case letter or '_' followed by at most 31 lower case letters, digits and _.-",
      matches("[a-z_][a-z0-9_.-]{0,31}")),
  ACCOUNT_DESCRIPTION(
      "one line of at most 256 characters without ':'",
      text -> isLine(text, 256) && !text.contains(":")),
  ABSOLUTE_PATH(
      "an absolute path made of letters, digits and _.+-/, without empty parts, '.' and '..'",
      matches("(?=.{2,255}$)" + Patterns.PATH)),
  DIRECTORY(
      "an absolute path made of letters, digits and _.+-/, without empty parts, '.' and '..'",
      matches("(?=.{1,255}$)(?:/|" + Patterns.PATH + "/?)")),
  SSH_KEY(
      "one line of authorized_keys of at most 16384 characters, without blanks at its ends",
      text -> isLine(text, 16_384) && text.equals(text.strip())),
  TIME_ZONE(
      "the name of a time zone such as Europe/Vienna or UTC",
      text -> ZoneId.getAvailableZoneIds().contains(text)),
  NTP_SERVER(
      "a host name or an IP address",
      matches("(?=.{1,253}$)(?:" + Patterns.HOST + "|[0-9A-Fa-f]+:[0-9A-Fa-f:.]*)")),
  LANGUAGE(
      "a locale such as en_US.UTF-8",
      matches(
          "C|POSIX|C\\.UTF-8|[a-z]{2,3}(?:_[A-Z]{2})?(?:\\.[A-Za-z0-9-]{1,16})?(?:@[a-z]{1,16})?")),
  KEYBOARD(
      "a keyboard layout such as us, de-latin1 or 'de (nodeadkeys)'",
      matches("(?=.{1,64}$)[A-Za-z0-9][A-Za-z0-9_-]*(?: ?\\([A-Za-z0-9_-]{1,64}\\))?")),
  PORT(
      "PORT:PROTOCOL, FROM-TO:PROTOCOL or SERVICE:PROTOCOL, as 80:tcp; ports are 1 to 65535,"
          + " protocols tcp, udp, sctp and dccp",
      ValueRule::isPort),
  FIREWALL_SERVICE(
      "the name of a firewalld service: letters, digits, '_' and '-'",
      matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")),
  FIREWALL_ZONE(
      "the name of a firewalld zone: at most 17 letters, digits, '_' and '-'",
      matches("[A-Za-z0-9][A-Za-z0-9_-]{0,16}")),
  FIREWALL_SOURCE(
      "an address, a network, a MAC address or ipset:NAME",
      matches("[A-Za-z0-9:][A-Za-z0-9:./_-]{0,63}")),
  UNIT_NAME(
      "the name of a systemd unit: letters, digits and :_.@-",
      matches("[A-Za-z0-9][A-Za-z0-9:_.@-]{0,127}")),
  PACKAGE_NAME(
      "a package name or glob made of letters, digits and +._~^:@/()=*?[]!- that does not start"
          + " with '-'",
      matches("[A-Za-z0-9+._~^:@/()=*?\\[\\]!][A-Za-z0-9+._~^:@/()=*?\\[\\]!-]{0,254}")),
  PACKAGE_VERSION(
      "a version or glob made of letters, digits and +._~^:*?[]!-",
      matches("[A-Za-z0-9+._~^:*?\\[\\]!-]{0,254}")),
  GROUP_ID(
      "the id of a package group made of letters, digits and +._^@:-",
      matches("[A-Za-z0-9^@_][A-Za-z0-9+._^@:-]{0,127}")),
  RPM_NAME(
      "a package name made of letters, digits and +._-",
      matches("[A-Za-z0-9][A-Za-z0-9+._-]{0,127}")),
  RPM_VERSION(
      "a version made of letters, digits and +._~^", matches("[A-Za-z0-9][A-Za-z0-9+._~^]{0,63}")),
  GIT_URL(
      "a URL of the schemes https, http, ssh, git or file",
      matches(
          "(?:https?|ssh|git|file)://[A-Za-z0-9/\\[][A-Za-z0-9._~:/?#\\[\\]@!$&()*+,;=%-]{0,2047}")),
  GIT_REF(
      "a branch, tag or commit that does not start with '-'",
      matches("(?!.*\\.\\.)[A-Za-z0-9_.][A-Za-z0-9_./@^~+-]{0,255}")),
  SUMMARY("one line of at most 256 characters", text -> isLine(text, 256)),
  LINE("one line of at most 4096 characters", text -> isLine(text, 4096)),
  URL(
      "a URL with a scheme, as https://example.com/",
      matches("[A-Za-z][A-Za-z0-9+.-]{0,31}:[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]{1,2048}")),
  CANONICAL_PATH(
      "an absolute path without empty parts, '.' and '..' and without '/' at its end",
      text -> isLine(text, 4096) && Patterns.CANONICAL.matcher(text).matches()),
  MOUNT_POINT(
      "an absolute path without empty parts, '.' and '..' and without '/' at its end",
      text -> text.equals("/") || isLine(text, 4096) && Patterns.CANONICAL.matcher(text).matches()),
  FILE_MODE("an octal number such as 0644", matches("0?[0-7]{3}")),
  VOLUME_ID("at most 32 letters, digits, '_' and '-'", matches("[A-Za-z0-9_-]{1,32}")),
  VOLUME_NAME(
      "at most 127 letters, digits and +_.- that does not start with '-'",
      matches("[A-Za-z0-9+_.][A-Za-z0-9+_.-]{0,126}")),
  REPOSITORY_ID(
      "the id of a repository: letters, digits and :_.-", matches("[A-Za-z0-9:_.-]{1,250}")),
  REPOSITORY_FILE("the name of a file that ends in .repo", matches("[A-Za-z0-9_.-]{1,250}\\.repo"));

  private final String expectation;
  private final Predicate<String> test;

  ValueRule(String expectation, Predicate<String> test) {
    this.expectation = expectation;
    this.test = test;
  }

  boolean accepts(String value) {
    return test.test(value);
  }

  /** Completes "… must be". */
  String expectation() {
    return expectation;
  }

  private static Predicate<String> matches(String pattern) {
    return Pattern.compile(pattern).asMatchPredicate();
  }

  /** Lines, tabs and every character that prints. */
  private static boolean isText(String text) {
    return text.codePoints().allMatch(c -> c == '\n' || c == '\r' || c == '\t' || isPrintable(c));
  }

  private static boolean isLine(String text, int most) {
    return text.codePoints().anyMatch(c -> !isBlank(c))
        && text.length() <= most
        && text.codePoints().allMatch(ValueRule::isPrintable);
  }

  /** Java's own blanks leave out the ones that do not break lines. */
  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  /** No control, and nothing invisible such as what turns the direction of writing around. */
  static boolean isPrintable(int c) {
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

  private static boolean isPort(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 2 || !Patterns.PROTOCOL.matcher(parts[1]).matches()) {
      return false;
    }
    if (Patterns.PORT_RANGE.matcher(parts[0]).matches()) {
      String[] ends = parts[0].split("-", -1);
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      return first >= 1 && first <= last && last <= 65_535;
    }
    return Patterns.SERVICE.matcher(parts[0]).matches();
  }

  /** In a class of its own because constants of an enum cannot use its static fields. */
  private static final class Patterns {
    static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    static final String HOST = LABEL + "(?:\\." + LABEL + ")*";
    static final Pattern PROTOCOL = Pattern.compile("tcp|udp|sctp|dccp");
    static final Pattern PORT_RANGE = Pattern.compile("[0-9]{1,5}(?:-[0-9]{1,5})?");
    static final Pattern CANONICAL = Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))[^/]+)+");
    static final String PATH = "(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9_.+-]+)+";
    // As RFC 6335, which lets few begin with a digit: no '-' at the ends or twice in a row.
    static final Pattern SERVICE =
        Pattern.compile("(?=.{1,15}$)[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*");
  }
}
