package io.weldr.api.blueprint;

import java.util.Optional;

/**
 * A user or group of the image, by name or by number.
 *
 * @param name as {@code www-data}
 * @param id used when there is no name
 */
public record AccountReference(Optional<String> name, long id) {
  static final String EXPECTATION = "the name or the number of an account";

  private static final long MAX_ID = 4_294_967_294L;

  static Optional<AccountReference> of(Node value) {
    if (value instanceof Node.Text text && ValueRule.ACCOUNT_NAME.accepts(text.value())) {
      return Optional.of(new AccountReference(Optional.of(text.value()), 0));
    }
    return value instanceof Node.Whole number && number.value() >= 0 && number.value() <= MAX_ID
        ? Optional.of(new AccountReference(Optional.empty(), number.value()))
        : Optional.empty();
  }

  Node node() {
    return name.<Node>map(Node.Text::new).orElse(new Node.Whole(id));
  }
}
