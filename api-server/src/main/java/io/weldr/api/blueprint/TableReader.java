package io.weldr.api.blueprint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes checked values out of one table of a document. What is wrong is put into the {@link
 * Problems}, and the value is then absent; an empty text counts as absent too.
 *
 * @param path of the table
 * @param number of the table when it is an item of a list, from 1
 * @param strict whether unknown keys are problems
 */
record TableReader(
    String path, Node.Table table, Problems problems, OptionalInt number, boolean strict) {

  static TableReader of(Node.Table document, Problems problems, boolean strict) {
    return new TableReader("", document, problems, OptionalInt.empty(), strict);
  }

  /** The same table with unknown keys as problems. */
  TableReader strictly() {
    return new TableReader(path, table, problems, number, true);
  }

  boolean has(String key) {
    return table.entries().containsKey(key);
  }

  Optional<Node> node(String key) {
    return Optional.ofNullable(table.entries().get(key));
  }

  Optional<String> text(String key, ValueRule rule) {
    return node(key).flatMap(value -> text(key, pathOf(key), value, rule));
  }

  List<String> texts(String key, ValueRule rule) {
    List<String> texts = new ArrayList<>();
    List<Node> items = list(key, "a list of texts");
    for (int i = 0; i < items.size(); i++) {
      String item = Document.item(pathOf(key), i);
      text(Document.item(key, i), item, items.get(i), rule).ifPresent(texts::add);
    }
    return List.copyOf(texts);
  }

  /** A whole number, or a text of digits, which older clients send. */
  Optional<Long> number(String key, long least, long most) {
    Optional<Node> value = node(key);
    Optional<Long> number =
        value
            .flatMap(TableReader::wholeNumber)
            .filter(candidate -> candidate >= least && candidate <= most);
    if (value.isPresent() && number.isEmpty()) {
      problem(key, "must be a whole number from " + least + " to " + most);
    }
    return number;
  }

  private static Optional<Long> wholeNumber(Node value) {
    if (value instanceof Node.Whole whole) {
      return Optional.of(whole.value());
    }
    return Optional.of(value)
        .filter(Node.Text.class::isInstance)
        .map(text -> ((Node.Text) text).value())
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(Long::parseLong);
  }

  /** A text that must be there and not be empty; a missing key is {@link #requires}' to tell. */
  String present(String key, ValueRule rule) {
    if (node(key).filter(new Node.Text("")::equals).isPresent()) {
      problem(key, "must not be empty");
    }
    return text(key, rule).orElse("");
  }

  /** A value of several possible types. */
  <T> Optional<T> value(String key, Function<Node, Optional<T>> form, String expectation) {
    Optional<Node> value = node(key);
    Optional<T> read = value.flatMap(form);
    if (value.isPresent() && read.isEmpty()) {
      problem(key, "must be " + expectation);
    }
    return read;
  }

  Optional<Boolean> flag(String key) {
    Optional<Node> value = node(key);
    if (value.isPresent() && !(value.get() instanceof Node.Flag)) {
      problem(key, "must be true or false");
    }
    return value.filter(Node.Flag.class::isInstance).map(flag -> ((Node.Flag) flag).value());
  }

  /** The table under a key. */
  Optional<TableReader> table(String key) {
    Optional<Node> value = node(key);
    if (value.isPresent() && !(value.get() instanceof Node.Table)) {
      problem(key, "must be a table");
    }
    return value
        .filter(Node.Table.class::isInstance)
        .map(
            inner ->
                new TableReader(
                    pathOf(key), (Node.Table) inner, problems, OptionalInt.empty(), strict));
  }

  /** Reads every table of the list under a key; messages name the items by number, from 1. */
  <T> List<T> items(String key, Function<TableReader, Optional<T>> form) {
    List<T> read = new ArrayList<>();
    List<Node> items = list(key, "a list of tables; in TOML write [[" + pathOf(key) + "]]");
    problems.under(
        pathOf(key),
        "'" + pathOf(key) + "' errors:",
        () -> {
          for (int i = 0; i < items.size(); i++) {
            item(key, i, items.get(i)).flatMap(form).ifPresent(read::add);
          }
        });
    return List.copyOf(read);
  }

  /**
   * Complains about keys that are none of these: always when only the case is wrong, otherwise when
   * reading strictly.
   */
  void known(Set<String> keys) {
    for (String key : table.entries().keySet()) {
      if (keys.contains(key)) {
        continue;
      }
      String lower = key.toLowerCase(Locale.ROOT);
      if (keys.contains(lower)) {
        problems.add(pathOf(key), caseLine(key) + " should be " + lower);
      } else if (strict) {
        String hint =
            SimilarWord.of(key, keys).map(word -> "; did you mean '" + word + "'?").orElse("");
        problems.add(pathOf(key), label(key) + " is not a known key" + hint);
      }
    }
  }

  /** Complains in one line about all of these keys that the table does not have. */
  boolean requires(String... keys) {
    String missing =
        Stream.of(keys)
            .filter(key -> !has(key))
            .map(key -> "'" + key + "'")
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      String subject = number.isPresent() ? String.valueOf(number.getAsInt()) : path;
      problems.add(path, subject + " is missing " + missing);
    }
    return missing.isEmpty();
  }

  void problem(String key, String what) {
    problems.add(pathOf(key), label(key) + " " + what);
  }

  /** About one item of the list under a key. */
  void problem(String key, int index, String what) {
    problems.add(Document.item(pathOf(key), index), Document.item(label(key), index) + " " + what);
  }

  private String label(String key) {
    return label(key, pathOf(key));
  }

  private String label(String key, String valuePath) {
    return number.isPresent() ? number.getAsInt() + " '" + key + "'" : valuePath;
  }

  /** The contract names items by number and sections without {@code customizations}. */
  private String caseLine(String key) {
    if (number.isPresent()) {
      return number.getAsInt() + " " + key;
    }
    String section = path.replaceFirst("^customizations\\.", "");
    return section.isEmpty() ? key : section + " " + key;
  }

  String pathOf(String key) {
    return Document.child(path, key);
  }

  private Optional<TableReader> item(String key, int index, Node item) {
    String itemPath = Document.item(pathOf(key), index);
    if (item instanceof Node.Table inner) {
      return Optional.of(
          new TableReader(itemPath, inner, problems, OptionalInt.of(index + 1), strict));
    }
    problems.add(itemPath, (index + 1) + " must be a table");
    return Optional.empty();
  }

  private List<Node> list(String key, String expectation) {
    Optional<Node> value = node(key);
    if (value.isPresent() && !(value.get() instanceof Node.Sequence)) {
      problem(key, "must be " + expectation);
    }
    return value
        .filter(Node.Sequence.class::isInstance)
        .map(sequence -> ((Node.Sequence) sequence).items())
        .orElse(List.of());
  }

  private Optional<String> text(String key, String valuePath, Node value, ValueRule rule) {
    if (!(value instanceof Node.Text text)) {
      problems.add(valuePath, label(key, valuePath) + " must be a text");
      return Optional.empty();
    }
    if (text.value().isEmpty()) {
      return Optional.empty();
    }
    if (!rule.accepts(text.value())) {
      problems.add(valuePath, label(key, valuePath) + " must be " + rule.expectation());
      return Optional.empty();
    }
    return Optional.of(text.value());
  }
}
