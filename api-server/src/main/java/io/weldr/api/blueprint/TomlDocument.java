package io.weldr.api.blueprint;

import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Reads a TOML text into a {@link Document}, with the position of every key. */
final class TomlDocument {
  private static final int MAX_SYNTAX_ERRORS = 20;

  private final TomlParseResult result;

  private TomlDocument(TomlParseResult result) {
    this.result = result;
  }

  /**
   * Parses a text.
   *
   * @throws InvalidBlueprintException with every syntax error
   */
  static Document parse(String text) {
    if (text.length() > Document.MAX_SIZE) {
      throw Document.invalid("", "The blueprint has more than " + Document.MAX_SIZE + " bytes");
    }
    TomlParseResult result = Toml.parse(Document.withoutByteOrderMark(text));
    if (result.hasErrors()) {
      throw new InvalidBlueprintException(
          result.errors().stream().limit(MAX_SYNTAX_ERRORS).map(TomlDocument::problem).toList());
    }
    Node.Table root = new TomlDocument(result).table("", result, 1);
    return new Document(root, () -> TomlPositions.of(result));
  }

  private static Problem problem(TomlParseError error) {
    Position position = new Position(error.position().line(), error.position().column());
    return new Problem("", "Invalid TOML: " + error.getMessage(), Optional.of(position));
  }

  private Node.Table table(String path, TomlTable table, int depth) {
    limit(path, depth, table.size());
    Map<String, Node> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : table.entrySet()) {
      String key = text(path, entry.getKey()).value();
      entries.put(key, node(Document.child(path, key), entry.getValue(), depth));
    }
    return new Node.Table(entries);
  }

  private Node.Sequence sequence(String path, TomlArray array, int depth) {
    limit(path, depth, array.size());
    List<Node> items = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      items.add(node(Document.item(path, i), array.get(i), depth));
    }
    return new Node.Sequence(items);
  }

  private Node node(String path, Object value, int depth) {
    return switch (value) {
      case String text -> text(path, text);
      case Long number -> new Node.Whole(number);
      case Double number -> new Node.Real(number);
      case Boolean flag -> new Node.Flag(flag);
      case Temporal moment -> new Node.Moment(moment);
      case TomlArray array -> sequence(path, array, depth + 1);
      case TomlTable table -> table(path, table, depth + 1);
      default -> throw new IllegalStateException("not a TOML value: " + value.getClass());
    };
  }

  private Node.Text text(String path, String text) {
    if (!Document.isWellFormed(text)) {
      throw refused(path, "has a character that does not exist in Unicode");
    }
    return new Node.Text(text);
  }

  private void limit(String path, int depth, int size) {
    if (depth > Document.MAX_DEPTH) {
      throw refused(path, "is nested more than " + Document.MAX_DEPTH + " levels deep");
    }
    if (size > Document.MAX_ITEMS) {
      throw refused(path, "has more than " + Document.MAX_ITEMS + " entries");
    }
  }

  private InvalidBlueprintException refused(String path, String what) {
    String subject = path.isEmpty() ? "The blueprint" : path;
    return new InvalidBlueprintException(
        List.of(
            new Problem(
                path,
                subject + " " + what,
                Optional.ofNullable(TomlPositions.of(result).get(path)))));
  }
}
