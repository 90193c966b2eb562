package io.weldr.worker.rpc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What is wrong with a request, each with its place. The text is bounded, and values in it are cut
 * and escaped, since it ends in logs and on terminals.
 */
final class Problems {
  private static final int MOST = 20;
  private static final int LONGEST_VALUE = 40;

  private final List<String> found = new ArrayList<>();
  private int more;

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** All of them in one message. */
  String message() {
    String text = String.join("; ", found);
    return more == 0 ? text : text + "; and " + more + " more";
  }

  /**
   * @param place e.g. {@code customizations.user[2].name}; from the program, never from a value
   */
  void add(String place, String what) {
    if (found.size() < MOST) {
      found.add(place + " " + what);
    } else {
      more++;
    }
  }

  /** Adds a problem unless the value fits the rule. */
  void check(String place, String value, FieldRule rule) {
    if (!rule.fits(value)) {
      add(place, show(value) + " is not " + rule.description());
    }
  }

  /** As {@link #check}, but an empty value, which stands for none, is right. */
  void checkOptional(String place, String value, FieldRule rule) {
    if (!value.isEmpty()) {
      check(place, value, rule);
    }
  }

  /** Checks each value and the count, and that no value is there twice. */
  void checkAll(String place, List<String> values, int most, FieldRule rule) {
    Set<String> seen = new HashSet<>();
    each(
        place,
        values,
        most,
        (at, value) -> {
          check(at, value, rule);
          if (!seen.add(value)) {
            add(at, show(value) + " is there twice");
          }
        });
  }

  /**
   * Calls the check for each value with its place; too many are one problem and are not looked at.
   */
  <T> void each(String place, List<T> values, int most, PlacedCheck<T> check) {
    if (values.size() > most) {
      add(place, "has " + values.size() + " entries, at most " + most + " are allowed");
      return;
    }
    for (int i = 0; i < values.size(); i++) {
      check.accept(place + "[" + i + "]", values.get(i));
    }
  }

  /** A consumer that reports the values it gets twice. */
  Consumer<String> unique(String place) {
    Set<String> seen = new HashSet<>();
    return value -> {
      if (!seen.add(value)) {
        add(place, show(value) + " is there twice");
      }
    };
  }

  /** The value in quotes, cut, with everything but printable ASCII escaped. */
  static String show(String value) {
    StringBuilder text = new StringBuilder("\"");
    value
        .chars()
        .limit(LONGEST_VALUE)
        .forEach(
            c -> {
              if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                text.append((char) c);
              } else {
                text.append(String.format("\\u%04x", c));
              }
            });
    return text.append(value.length() > LONGEST_VALUE ? "...\"" : "\"").toString();
  }

  @FunctionalInterface
  interface PlacedCheck<T> {
    void accept(String place, T value);
  }
}
