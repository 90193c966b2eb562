package io.weldr.api.blueprint;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Prints a document tree as TOML 1.0: in every table first the plain values, then the lists of
 * tables, then the tables, each kind in the order of the tree.
 */
final class TomlPrinter {
  private static final Pattern BARE_KEY = Pattern.compile("[A-Za-z0-9_-]+");

  private final StringBuilder out = new StringBuilder();

  private TomlPrinter() {}

  static String print(Node.Table document) {
    TomlPrinter printer = new TomlPrinter();
    printer.body("", document);
    return printer.out.toString().stripTrailing();
  }

  private void body(String path, Node.Table table) {
    for (Map.Entry<String, Node> entry : table.entries().entrySet()) {
      if (!isTables(entry.getValue()) && !(entry.getValue() instanceof Node.Table)) {
        out.append(key(entry.getKey())).append(" = ");
        value(entry.getValue());
        out.append('\n');
      }
    }
    for (Map.Entry<String, Node> entry : table.entries().entrySet()) {
      if (entry.getValue() instanceof Node.Sequence sequence && isTables(sequence)) {
        String name = path + key(entry.getKey());
        for (Node item : sequence.items()) {
          header("[[" + name + "]]");
          body(name + ".", (Node.Table) item);
        }
      }
    }
    for (Map.Entry<String, Node> entry : table.entries().entrySet()) {
      if (entry.getValue() instanceof Node.Table inner) {
        String name = path + key(entry.getKey());
        if (needsHeader(inner)) {
          header("[" + name + "]");
        }
        body(name + ".", inner);
      }
    }
  }

  private void header(String line) {
    if (!out.isEmpty()) {
      out.append('\n');
    }
    out.append(line).append('\n');
  }

  /** A table that holds nothing but tables is made by their headers. */
  private static boolean needsHeader(Node.Table table) {
    return table.entries().isEmpty()
        || table.entries().values().stream()
            .anyMatch(value -> !isTables(value) && !(value instanceof Node.Table));
  }

  private static boolean isTables(Node node) {
    return node instanceof Node.Sequence sequence
        && !sequence.items().isEmpty()
        && sequence.items().stream().allMatch(Node.Table.class::isInstance);
  }

  private void value(Node node) {
    switch (node) {
      case Node.Text text -> out.append(quote(text.value()));
      case Node.Whole whole -> out.append(whole.value());
      case Node.Real real -> out.append(real(real.value()));
      case Node.Flag flag -> out.append(flag.value());
      case Node.Moment moment -> out.append(moment.text());
      case Node.Sequence sequence -> list(sequence.items());
      case Node.Table table -> inlineTable(table.entries());
    }
  }

  private void list(List<Node> items) {
    out.append('[');
    String separator = "";
    for (Node item : items) {
      out.append(separator);
      value(item);
      separator = ", ";
    }
    out.append(']');
  }

  private void inlineTable(Map<String, Node> entries) {
    out.append('{');
    String separator = " ";
    for (Map.Entry<String, Node> entry : entries.entrySet()) {
      out.append(separator).append(key(entry.getKey())).append(" = ");
      value(entry.getValue());
      separator = ", ";
    }
    out.append(" }");
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return Double.toString(value);
  }

  private static String key(String key) {
    return BARE_KEY.matcher(key).matches() ? key : quote(key);
  }

  private static String quote(String text) {
    return text.codePoints()
        .mapToObj(TomlPrinter::escaped)
        .collect(Collectors.joining("", "\"", "\""));
  }

  private static String escaped(int codePoint) {
    return switch (codePoint) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> ValueRule.isPrintable(codePoint) ? Character.toString(codePoint) : hex(codePoint);
    };
  }

  /** What one could not see in the file. */
  private static String hex(int codePoint) {
    return String.format(codePoint <= 0xffff ? "\\u%04X" : "\\U%08X", codePoint);
  }
}
