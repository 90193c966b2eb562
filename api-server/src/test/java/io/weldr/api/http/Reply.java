package io.weldr.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** A reply as it came over the socket. Header names are in lower case. */
public record Reply(int status, Map<String, String> headers, Body body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The bytes of the body. */
  static final class Body {
    private final byte[] bytes;

    Body(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    byte[] bytes() {
      return bytes.clone();
    }
  }

  byte[] bytes() {
    return body.bytes();
  }

  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  public JsonNode json() {
    return parse(text());
  }

  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /** Id and message of the error at an index, with a colon between. */
  String error(int index) {
    JsonNode error = json().path("errors").path(index);
    return error.path("id").asText() + ": " + error.path("msg").asText();
  }
}
