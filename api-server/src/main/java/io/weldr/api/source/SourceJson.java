package io.weldr.api.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The form in which user sources are stored. */
final class SourceJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SourceJson() {}

  static byte[] print(Source source) throws JsonProcessingException {
    ObjectNode object = JSON.createObjectNode();
    object.put("id", source.id());
    object.put("name", source.name());
    object.put("type", source.type().word());
    object.put("url", source.url());
    source.suites().forEach(array(object, "suites")::add);
    source.components().forEach(array(object, "components")::add);
    object.put("check_gpg", source.checkSignature());
    object.put("check_tls", source.checkTls());
    source.proxy().ifPresent(proxy -> object.put("proxy", proxy));
    source.keys().urls().forEach(array(object, "key_urls")::add);
    source.keys().inline().forEach(array(object, "public_keys")::add);
    source.keys().fetched().forEach(array(object, "fetched_keys")::add);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(object);
  }

  private static ArrayNode array(ObjectNode object, String field) {
    return object.putArray(field);
  }

  /**
   * Reads what {@link #print} wrote; the values are not checked here.
   *
   * @throws InvalidSourceException when a field is missing or of another type
   */
  static Source parse(byte[] text) throws IOException, InvalidSourceException {
    JsonNode object = tree(text);
    return new Source(
        text(object, "id"),
        text(object, "name"),
        type(text(object, "type")),
        false,
        text(object, "url"),
        texts(object, "suites"),
        texts(object, "components"),
        flag(object, "check_gpg"),
        flag(object, "check_tls"),
        object.has("proxy") ? Optional.of(text(object, "proxy")) : Optional.empty(),
        new SourceKeys(
            texts(object, "key_urls"),
            texts(object, "public_keys"),
            texts(object, "fetched_keys")));
  }

  private static SourceType type(String word) throws InvalidSourceException {
    return SourceType.of(word)
        .orElseThrow(() -> new InvalidSourceException("its type is unknown: " + word));
  }

  private static JsonNode tree(byte[] text) throws IOException, InvalidSourceException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InvalidSourceException("it is not JSON: " + e.getOriginalMessage());
    }
  }

  private static String text(JsonNode object, String field) throws InvalidSourceException {
    JsonNode value = object.path(field);
    if (!value.isTextual()) {
      throw new InvalidSourceException(field + " must be a text");
    }
    return value.textValue();
  }

  private static boolean flag(JsonNode object, String field) throws InvalidSourceException {
    JsonNode value = object.path(field);
    if (!value.isBoolean()) {
      throw new InvalidSourceException(field + " must be true or false");
    }
    return value.booleanValue();
  }

  private static List<String> texts(JsonNode object, String field) throws InvalidSourceException {
    JsonNode list = object.path(field);
    if (!list.isArray()) {
      throw new InvalidSourceException(field + " must be a list");
    }
    List<String> values = new ArrayList<>();
    for (JsonNode value : list) {
      if (!value.isTextual()) {
        throw new InvalidSourceException(field + " must be a list of texts");
      }
      values.add(value.textValue());
    }
    return values;
  }
}
