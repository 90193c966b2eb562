package io.weldr.worker.kickstart;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Numbers in options. */
final class Numbers {
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,9}");

  /** The highest is the number that means "none" to the kernel. */
  private static final long HIGHEST_ID = 4294967294L;

  private static final long HIGHEST_MIB = 1L << 30;
  private static final long DAY = 86_400;

  private Numbers() {}

  /** The number of a user or group. */
  static OptionalLong id(Options options, String option) throws KickstartException {
    return of(options, option, HIGHEST_ID, "an id");
  }

  static OptionalLong mebibytes(Options options, String option) throws KickstartException {
    return of(options, option, HIGHEST_MIB, "a size in MiB");
  }

  static OptionalLong seconds(Options options, String option) throws KickstartException {
    return of(options, option, DAY, "a number of seconds");
  }

  /** Bytes of a frame; the least is what IPv4 needs. */
  static OptionalInt mtu(Options options, String option) throws KickstartException {
    OptionalLong bytes = of(options, option, 65_535, "a size of frames");
    if (bytes.isPresent() && bytes.getAsLong() < 576) {
      throw options.error("has \"" + option + "=" + bytes.getAsLong() + "\", which is too small");
    }
    return bytes.isPresent() ? OptionalInt.of((int) bytes.getAsLong()) : OptionalInt.empty();
  }

  private static OptionalLong of(Options options, String option, long highest, String what)
      throws KickstartException {
    Optional<String> text = options.value(option);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!NUMBER.matcher(text.get()).matches() || Long.parseLong(text.get()) > highest) {
      throw options.error("has \"" + option + "=" + text.get() + "\", which is not " + what);
    }
    return OptionalLong.of(Long.parseLong(text.get()));
  }
}
