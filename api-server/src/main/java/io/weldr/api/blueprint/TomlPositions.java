package io.weldr.api.blueprint;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Where the keys and list items of a TOML document are, by their {@linkplain Document#child path}.
 */
final class TomlPositions {
  private final Map<String, Position> positions = new HashMap<>();

  private TomlPositions() {}

  /** Looks at the whole document: for when something is wrong with it. */
  static Map<String, Position> of(TomlTable document) {
    TomlPositions all = new TomlPositions();
    all.table("", document, 1);
    return Map.copyOf(all.positions);
  }

  private void table(String path, TomlTable table, int depth) {
    for (Map.Entry<String, Object> entry : table.entrySet()) {
      String child = Document.child(path, entry.getKey());
      remember(child, table.inputPositionOf(List.of(entry.getKey())));
      inside(child, entry.getValue(), depth);
    }
  }

  private void list(String path, TomlArray array, int depth) {
    for (int i = 0; i < array.size(); i++) {
      String item = Document.item(path, i);
      remember(item, array.inputPositionOf(i));
      inside(item, array.get(i), depth);
    }
  }

  private void inside(String path, Object value, int depth) {
    if (depth > Document.MAX_DEPTH) {
      return;
    }
    switch (value) {
      case TomlTable table -> table(path, table, depth + 1);
      case TomlArray array -> list(path, array, depth + 1);
      default -> {
        // A plain value has nothing inside.
      }
    }
  }

  /** Tables that exist only through the headers of their sub-tables have no position. */
  private void remember(String path, TomlPosition position) {
    Optional.ofNullable(position)
        .ifPresent(p -> positions.put(path, new Position(p.line(), p.column())));
  }
}
