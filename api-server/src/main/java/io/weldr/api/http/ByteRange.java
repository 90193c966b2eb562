package io.weldr.api.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file, RFC 9110 section 14.
 *
 * @param first offset of the first byte
 * @param length bytes, at least 1
 */
record ByteRange(long first, long length) {
  private static final Pattern ONE =
      Pattern.compile("(?i:bytes)\\s*=\\s*([0-9]{0,18})\\s*-\\s*([0-9]{0,18})");

  /** What a Range header comes to. */
  sealed interface Request {
    /** The header is absent, not understood or asks for several parts: the whole is sent. */
    record Whole() implements Request {}

    /** One part. */
    record Part(ByteRange range) implements Request {}

    /** A part that the file does not have. */
    record Beyond() implements Request {}
  }

  /** Reads a Range header for a file of a size. */
  static Request parse(Optional<String> header, long size) {
    Matcher form = ONE.matcher(header.orElse("").strip());
    if (!form.matches() || (form.group(1).isEmpty() && form.group(2).isEmpty())) {
      return new Request.Whole();
    }
    if (form.group(1).isEmpty()) {
      return suffix(Long.parseLong(form.group(2)), size);
    }
    long first = Long.parseLong(form.group(1));
    long last = form.group(2).isEmpty() ? size - 1 : Long.parseLong(form.group(2));
    if (!form.group(2).isEmpty() && last < first) {
      return new Request.Whole();
    }
    if (first >= size) {
      return new Request.Beyond();
    }
    return new Request.Part(new ByteRange(first, Math.min(last, size - 1) - first + 1));
  }

  private static Request suffix(long length, long size) {
    if (length == 0 || size == 0) {
      return new Request.Beyond();
    }
    long sent = Math.min(length, size);
    return new Request.Part(new ByteRange(size - sent, sent));
  }

  /** The Content-Range header of the reply. */
  String contentRange(long size) {
    return "bytes %d-%d/%d".formatted(first, first + length - 1, size);
  }
}
