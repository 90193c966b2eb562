package io.weldr.api.blueprint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a JSON text into a {@link Document}. A null value is the same as an absent key. */
final class JsonDocument {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(Document.MAX_SIZE)
                          .maxNestingDepth(Document.MAX_DEPTH)
                          .maxNumberLength(100)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonDocument() {}

  /**
   * Parses a text.
   *
   * @throws InvalidBlueprintException when it is not JSON, or not an object
   */
  static Document parse(String text) {
    JsonNode root;
    try {
      root = MAPPER.readTree(Document.withoutByteOrderMark(text));
    } catch (JsonProcessingException e) {
      throw new InvalidBlueprintException(
          List.of(
              new Problem(
                  "",
                  "Invalid JSON: " + reason(e),
                  Optional.ofNullable(e.getLocation()).map(JsonDocument::position))));
    }
    if (!(root instanceof ObjectNode object)) {
      throw Document.invalid("", "The blueprint must be a JSON object");
    }
    return new Document(table("", object), Map::of);
  }

  /** In words of our own where the parser speaks of itself. */
  private static String reason(JsonProcessingException e) {
    return switch (e) {
      case StreamConstraintsException limit ->
          "it is nested more than %d levels deep, or has a number or a key that is too long"
              .formatted(Document.MAX_DEPTH);
      case MismatchedInputException trailing -> "there is more behind the end of the object";
      default -> e.getOriginalMessage().lines().findFirst().orElse("");
    };
  }

  private static Position position(JsonLocation location) {
    return new Position(location.getLineNr(), location.getColumnNr());
  }

  private static Node.Table table(String path, JsonNode object) {
    limit(path, object);
    Map<String, Node> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!entry.getValue().isNull()) {
        String key = text(path, entry.getKey()).value();
        entries.put(key, node(Document.child(path, key), entry.getValue()));
      }
    }
    return new Node.Table(entries);
  }

  private static Node.Sequence sequence(String path, JsonNode array) {
    limit(path, array);
    List<Node> items = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      items.add(node(Document.item(path, i), array.get(i)));
    }
    return new Node.Sequence(items);
  }

  private static Node node(String path, JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> text(path, value.textValue());
      case BOOLEAN -> new Node.Flag(value.booleanValue());
      case NUMBER -> number(path, value);
      case ARRAY -> sequence(path, value);
      case OBJECT -> table(path, value);
      case NULL -> throw Document.invalid(path, path + " must not be null");
      case BINARY, MISSING, POJO ->
          throw new IllegalStateException("not a JSON value: " + value.getNodeType());
    };
  }

  private static Node number(String path, JsonNode value) {
    if (!value.isIntegralNumber()) {
      double number = value.doubleValue();
      if (Double.isFinite(number)) {
        return new Node.Real(number);
      }
    } else if (value.canConvertToLong()) {
      return new Node.Whole(value.longValue());
    }
    throw Document.invalid(path, path + " is a number out of range");
  }

  private static Node.Text text(String path, String text) {
    if (!Document.isWellFormed(text)) {
      throw Document.invalid(
          path,
          (path.isEmpty() ? "The blueprint" : path)
              + " has a character that does not exist in Unicode");
    }
    return new Node.Text(text);
  }

  private static void limit(String path, JsonNode container) {
    if (container.size() > Document.MAX_ITEMS) {
      throw Document.invalid(path, path + " has more than " + Document.MAX_ITEMS + " entries");
    }
  }
}
