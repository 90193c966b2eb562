package io.weldr.api.blueprint;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Sha2Crypt;

/** Passwords as crypt(3) writes them into /etc/shadow. */
final class PasswordHash {
  /** SHA-512, SHA-256, bcrypt and yescrypt, as composer clients send them. */
  private static final Pattern CRYPTED =
      Pattern.compile("\\$(?:6|5|2b|y)\\$[A-Za-z0-9./$=,]{8,240}");

  private static final Pattern LOOKS_CRYPTED = Pattern.compile("\\$[0-9a-z]{1,6}\\$.*");
  private static final String SALT_LETTERS =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int SALT_LENGTH = 16;
  private static final int MAX_CLEAR_LENGTH = 256;
  private static final SecureRandom RANDOM = new SecureRandom();

  private PasswordHash() {}

  static boolean isCrypted(String password) {
    return CRYPTED.matcher(password).matches();
  }

  /** Whether a password is made to be taken for a hash, but of no method that is accepted. */
  static boolean isUnusable(String password) {
    return LOOKS_CRYPTED.matcher(password).matches() && !isCrypted(password);
  }

  static boolean isTooLong(String password) {
    return password.length() > MAX_CLEAR_LENGTH;
  }

  /** A value of a section nobody knows, with a hash in the place of every clear text password. */
  static Node inside(String key, Node value) {
    return switch (value) {
      case Node.Text text ->
          isPassword(key) && !isHashed(text.value()) ? new Node.Text(hash(text.value())) : text;
      case Node.Table table -> {
        Map<String, Node> entries = new LinkedHashMap<>();
        table.entries().forEach((k, v) -> entries.put(k, inside(k, v)));
        yield new Node.Table(entries);
      }
      case Node.Sequence list ->
          new Node.Sequence(list.items().stream().map(item -> inside(key, item)).toList());
      default -> value;
    };
  }

  private static boolean isPassword(String key) {
    return Set.of("password", "passwd", "rootpw").contains(key.toLowerCase(Locale.ROOT));
  }

  private static boolean isHashed(String text) {
    return text.isEmpty() || LOOKS_CRYPTED.matcher(text).matches();
  }

  /** The SHA-512 hash ({@code $6$}) of a clear text password with a fresh salt. */
  static String hash(String clear) {
    StringBuilder salt = new StringBuilder("$6$");
    RANDOM
        .ints(SALT_LENGTH, 0, SALT_LETTERS.length())
        .forEach(i -> salt.append(SALT_LETTERS.charAt(i)));
    return Sha2Crypt.sha512Crypt(clear.getBytes(StandardCharsets.UTF_8), salt.toString());
  }
}
