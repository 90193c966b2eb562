package io.weldr.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerRequest;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceKeys;
import io.weldr.api.source.SourceType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * Reads the body of {@code POST projects/source/new}: the fields of a source, or one table that
 * holds them, as {@code projects/source/info} prints it. Unknown fields are ignored.
 */
final class SourceRequests {
  private final ApiVersion version;
  private final String distro;

  /**
   * @param distro the distribution of the host
   */
  SourceRequests(ApiVersion version, String distro) {
    this.version = version;
    this.distro = distro;
  }

  /**
   * The source a request describes, not checked beyond the types of its fields.
   *
   * @throws ApiException when it describes none
   */
  Source read(ServerRequest request) {
    JsonNode document =
        switch (RequestBody.form(request)) {
          case TOML -> RequestBody.parse(request, SourceRequests::toml);
          case JSON -> RequestBody.parse(request, SourceRequests::json);
          case OTHER, UNSTATED ->
              throw error("A source must be sent as text/x-toml or application/json.");
        };
    if (!document.isObject() || document.isEmpty()) {
      throw missingBody();
    }
    return wrapped(document).map(this::inTable).orElseGet(() -> source(document, Optional.empty()));
  }

  private static ApiException missingBody() {
    return ApiException.badRequest(ApiError.MISSING_POST, "Missing POST body");
  }

  private static ApiException error(String message) {
    return ApiException.badRequest(ApiError.PROJECTS_ERROR, message);
  }

  private static JsonNode json(byte[] body) {
    if (body.length == 0) {
      throw missingBody();
    }
    return Json.read(body);
  }

  private static JsonNode toml(byte[] body) {
    if (body.length == 0) {
      throw missingBody();
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      TomlParseResult result = Toml.parse(text);
      if (result.hasErrors()) {
        throw error("Problem parsing POST body: " + result.errors().getFirst());
      }
      return Json.read(result.toJson().getBytes(StandardCharsets.UTF_8));
    } catch (CharacterCodingException e) {
      throw error("Problem parsing POST body: it is not UTF-8");
    }
  }

  private record Table(String key, JsonNode fields) {}

  /** The first of the tables, if there is nothing besides tables. */
  private static Optional<Table> wrapped(JsonNode document) {
    TreeSet<String> keys = new TreeSet<>();
    document.fieldNames().forEachRemaining(keys::add);
    boolean onlyTables = keys.stream().allMatch(key -> document.path(key).isObject());
    return onlyTables
        ? Optional.of(new Table(keys.first(), document.path(keys.first())))
        : Optional.empty();
  }

  private Source inTable(Table table) {
    return source(table.fields(), Optional.of(table.key()));
  }

  /**
   * @param key of the table; the id when the fields have none
   */
  private Source source(JsonNode fields, Optional<String> key) {
    String id = id(fields, key);
    String url = text(fields, "url");
    String word = text(fields, "type");
    boolean checkTls = flag(fields, "check_ssl");
    boolean checkSignature = flag(fields, "check_gpg");
    checkExtensions(fields);
    List<String> urls = new ArrayList<>(texts(fields, "gpgkey_urls"));
    List<String> inline = new ArrayList<>(texts(fields, "gpgkeys"));
    // Both fields have been used for both kinds of things.
    moveIf(urls, inline, true);
    moveIf(inline, urls, false);
    return new Source(
        id,
        version == ApiVersion.V1 && fields.hasNonNull("name") ? text(fields, "name") : id,
        type(word),
        false,
        url,
        texts(fields, "suites"),
        texts(fields, "components"),
        checkSignature,
        checkTls,
        optional(fields, "proxy"),
        new SourceKeys(urls, inline, List.of()));
  }

  private static void moveIf(List<String> from, List<String> to, boolean armoured) {
    List<String> misplaced =
        from.stream().filter(key -> key.strip().startsWith("-----BEGIN") == armoured).toList();
    from.removeAll(misplaced);
    to.addAll(misplaced);
  }

  private String id(JsonNode fields, Optional<String> key) {
    String field = version == ApiVersion.V0 ? "name" : "id";
    if (fields.hasNonNull(field)) {
      return text(fields, field);
    }
    if (key.isPresent()) {
      return key.get();
    }
    throw version == ApiVersion.V0
        ? error("'name'")
        : ApiException.badRequest(
            ApiError.UNKNOWN_SOURCE, "'id' field is missing from API v1 request.");
  }

  private static SourceType type(String word) {
    return SourceType.of(word)
        .orElseThrow(
            () ->
                error(
                    "The source type is unknown; it must be one of "
                        + Arrays.stream(SourceType.values())
                            .map(SourceType::word)
                            .collect(Collectors.joining(", "))));
  }

  /** Fields of osbuild-composer that would change what the source is used for. */
  private void checkExtensions(JsonNode fields) {
    List<String> distros = texts(fields, "distros");
    if (!distros.isEmpty() && !distros.contains(distro)) {
      throw error("Invalid distributions: " + String.join(",", distros));
    }
    if (fields.path("rhsm").asBoolean(false)) {
      throw error("Subscriptions ('rhsm') are not supported by this server.");
    }
  }

  /** A required text; the error is the quoted key, as the clients know it. */
  private static String text(JsonNode fields, String key) {
    JsonNode value = fields.path(key);
    if (value.isMissingNode() || value.isNull()) {
      throw error("'" + key + "'");
    }
    if (!value.isTextual()) {
      throw error("'" + key + "' must be a string");
    }
    return value.textValue();
  }

  private static boolean flag(JsonNode fields, String key) {
    JsonNode value = fields.path(key);
    if (value.isMissingNode() || value.isNull()) {
      throw error("'" + key + "'");
    }
    if (!value.isBoolean()) {
      throw error("'" + key + "' must be true or false");
    }
    return value.booleanValue();
  }

  private static Optional<String> optional(JsonNode fields, String key) {
    return fields.hasNonNull(key) && !fields.path(key).asText().isEmpty()
        ? Optional.of(text(fields, key))
        : Optional.empty();
  }

  private static List<String> texts(JsonNode fields, String key) {
    JsonNode list = fields.path(key);
    if (list.isMissingNode() || list.isNull()) {
      return List.of();
    }
    List<String> values = new ArrayList<>();
    for (JsonNode value : list) {
      if (!value.isTextual()) {
        throw error("'" + key + "' must be a list of strings");
      }
      values.add(value.textValue());
    }
    if (!list.isArray()) {
      throw error("'" + key + "' must be a list of strings");
    }
    return values;
  }
}
