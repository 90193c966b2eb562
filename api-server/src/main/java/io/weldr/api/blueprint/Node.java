package io.weldr.api.blueprint;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of a TOML or JSON document, immutable. Documents are read into it and printed from it.
 */
public sealed interface Node {
  /** A text. */
  record Text(String value) implements Node {}

  /** A whole number. */
  record Whole(long value) implements Node {}

  /** A number with a fraction. */
  record Real(double value) implements Node {}

  /** True or false. */
  record Flag(boolean value) implements Node {}

  /** A date, a time or both; TOML only. */
  record Moment(Temporal value) implements Node {
    /** As TOML 1.0 writes it: RFC 3339, always with seconds, which {@code toString} leaves out. */
    String text() {
      return switch (value) {
        case OffsetDateTime moment -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment);
        case LocalDateTime moment -> DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(moment);
        case LocalTime moment -> DateTimeFormatter.ISO_LOCAL_TIME.format(moment);
        default -> value.toString();
      };
    }
  }

  /** A list. */
  record Sequence(List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** Keys with values, in the order of the document. */
  record Table(Map<String, Node> entries) implements Node {
    public Table {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
  }
}
