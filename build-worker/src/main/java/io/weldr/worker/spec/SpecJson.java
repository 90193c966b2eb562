package io.weldr.worker.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The JSON form of the records that worker and job process exchange by files. */
public final class SpecJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private SpecJson() {}

  /** UTF-8 JSON of one record, on one line and with a line end. */
  public static byte[] bytes(Object value) {
    return (line(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** JSON of one record, without line breaks. */
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  /**
   * Reads one record.
   *
   * @throws IOException when the text is not the JSON of such a record: a missing, null or unknown
   *     property included
   */
  public static <T> T read(String json, Class<T> type) throws IOException {
    T value = MAPPER.readValue(json, type);
    if (value == null) {
      throw JsonMappingException.from(MAPPER.createParser(json), "null is not a record");
    }
    return value;
  }

  /**
   * Reads one record from UTF-8.
   *
   * @throws IOException as {@link #read(String, Class)}
   */
  public static <T> T read(byte[] json, Class<T> type) throws IOException {
    return read(new String(json, StandardCharsets.UTF_8), type);
  }
}
