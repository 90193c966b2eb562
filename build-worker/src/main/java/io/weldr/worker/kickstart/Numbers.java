package io.weldr.worker.kickstart;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Numbers of users and groups in options. */
final class Numbers {
  private static final Pattern ID = Pattern.compile("0|[1-9][0-9]{0,9}");

  /** The highest is the number that means "none" to the kernel. */
  private static final long HIGHEST = 4294967294L;

  private Numbers() {}

  static OptionalLong of(Options options, String option) throws KickstartException {
    Optional<String> text = options.value(option);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!ID.matcher(text.get()).matches() || Long.parseLong(text.get()) > HIGHEST) {
      throw options.error("has \"" + option + "=" + text.get() + "\", which is not an id");
    }
    return OptionalLong.of(Long.parseLong(text.get()));
  }
}
