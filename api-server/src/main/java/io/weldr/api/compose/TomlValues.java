package io.weldr.api.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** TOML as plain collections, for replies. */
final class TomlValues {
  private TomlValues() {}

  /** Keys in the order of the document; dates and times become their text. */
  static Map<String, Object> plain(TomlTable table) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : table.entrySet()) {
      values.put(entry.getKey(), plain(entry.getValue()));
    }
    return values;
  }

  private static List<Object> plain(TomlArray array) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      values.add(plain(array.get(i)));
    }
    return values;
  }

  private static Object plain(Object value) {
    return switch (value) {
      case TomlTable table -> plain(table);
      case TomlArray array -> plain(array);
      case String text -> text;
      case Number number -> number;
      case Boolean flag -> flag;
      default -> value.toString();
    };
  }
}
