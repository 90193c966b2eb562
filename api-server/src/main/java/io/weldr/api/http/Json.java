package io.weldr.api.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * JSON as the API writes it: keys sorted, compact, ASCII with {@code \}{@code uXXXX}, a newline at
 * the end.
 */
final class Json {
  private static final int MAX_DEPTH = 32;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** What writes itself, members in the order of their names. */
  interface Streamed {
    void writeTo(JsonGenerator out) throws IOException;

    /** For a tree that it is part of. */
    default RawValue raw() {
      return new RawValue(new String(write(this), StandardCharsets.US_ASCII).stripTrailing());
    }
  }

  /** As {@link #write(Object)}. */
  static byte[] write(Streamed value) {
    try (ByteArrayBuilder line = new ByteArrayBuilder();
        JsonGenerator out = MAPPER.createGenerator(line)) {
      value.writeTo(out);
      out.flush();
      line.append('\n');
      return line.toByteArray();
    } catch (IOException e) {
      throw new IllegalArgumentException("a reply that is not JSON", e);
    }
  }

  /** A tree of maps, records, lists, strings, numbers and booleans, or of Jackson's nodes. */
  static byte[] write(Object tree) {
    try (ByteArrayBuilder line = new ByteArrayBuilder()) {
      MAPPER.writeValue(line, tree);
      line.append('\n');
      return line.toByteArray();
    } catch (IOException e) {
      throw new IllegalArgumentException("a reply that is not JSON", e);
    }
  }

  /** As {@link #write}, without the newline. */
  static String text(Object tree) {
    return new String(write(tree), StandardCharsets.US_ASCII).stripTrailing();
  }

  /**
   * Reads one document.
   *
   * @throws ApiException when it is not JSON, or nested more than 32 deep
   */
  static JsonNode read(byte[] document) {
    try {
      return MAPPER.readTree(document);
    } catch (IOException e) {
      throw ApiException.unreadableJson();
    }
  }
}
