package io.weldr.api.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Blueprints and their parts as the JSON of the Weldr API. */
public final class BlueprintJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private BlueprintJson() {}

  /**
   * The object of a blueprint: always {@code name}, {@code description}, {@code version} (null when
   * it has none), {@code modules}, {@code packages}, {@code groups}; the rest only when present.
   */
  public static ObjectNode tree(Blueprint blueprint) {
    ObjectNode object = object(BlueprintTree.of(blueprint));
    if (blueprint.version().isEmpty()) {
      ObjectNode withNull = JSON.objectNode();
      object
          .properties()
          .forEach(
              entry -> {
                withNull.set(entry.getKey(), entry.getValue());
                if (entry.getKey().equals("description")) {
                  withNull.putNull("version");
                }
              });
      return withNull;
    }
    return object;
  }

  /**
   * The differences of two blueprints: objects with {@code old} and {@code new}, one may be null.
   */
  public static ArrayNode tree(List<Difference> differences) {
    ArrayNode array = JSON.arrayNode(differences.size());
    for (Difference difference : differences) {
      ObjectNode object = array.addObject();
      object.set(
          "old", difference.before().<JsonNode>map(BlueprintJson::tree).orElse(JSON.nullNode()));
      object.set(
          "new", difference.after().<JsonNode>map(BlueprintJson::tree).orElse(JSON.nullNode()));
    }
    return array;
  }

  /** Any document tree; dates and times become their ISO 8601 texts. */
  public static JsonNode tree(Node node) {
    return switch (node) {
      case Node.Text text -> JSON.textNode(text.value());
      case Node.Whole whole -> JSON.numberNode(whole.value());
      case Node.Real real -> number(real.value());
      case Node.Flag flag -> JSON.booleanNode(flag.value());
      case Node.Moment moment -> JSON.textNode(moment.text());
      case Node.Sequence sequence -> {
        ArrayNode array = JSON.arrayNode(sequence.items().size());
        sequence.items().forEach(item -> array.add(tree(item)));
        yield array;
      }
      case Node.Table table -> object(table);
    };
  }

  /** JSON has no infinity and no NaN. */
  private static JsonNode number(double value) {
    return Double.isFinite(value) ? JSON.numberNode(value) : JSON.textNode(Double.toString(value));
  }

  private static ObjectNode object(Node.Table table) {
    ObjectNode object = JSON.objectNode();
    table.entries().forEach((key, value) -> object.set(key, tree(value)));
    return object;
  }
}
