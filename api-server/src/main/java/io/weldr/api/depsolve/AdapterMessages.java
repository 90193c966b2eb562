package io.weldr.api.depsolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weldr.api.depsolve.DepsolveException.Reason;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceKeys;
import io.weldr.api.source.SourceType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The JSON lines of {@code share/depsolve/*.py}; {@code shared/service.py} there describes them.
 */
final class AdapterMessages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AdapterMessages() {}

  static String refresh(long id, SolveRequest request, Duration freshness) {
    return message(id, "refresh", request, freshness).toString();
  }

  static String solve(long id, SolveRequest request, Duration freshness) {
    ObjectNode message = message(id, "solve", request, freshness);
    ArrayNode packages = message.putArray("packages");
    request
        .packages()
        .forEach(p -> packages.addObject().put("name", p.name()).put("version", p.version()));
    request.groups().forEach(message.putArray("groups")::add);
    message.put("essential", request.essential());
    ArrayNode oneOf = message.putArray("one_of");
    request.oneOf().forEach(names -> names.forEach(oneOf.addArray()::add));
    return message.toString();
  }

  static String renew(long id, List<Source> sources, Duration freshness) {
    return message(id, "renew", sources, freshness).toString();
  }

  /**
   * As {@link #renew}; a source that fails is a failure even where older metadata of it is there.
   */
  static String renewAll(long id, List<Source> sources, Duration freshness) {
    return message(id, "renew", sources, freshness).put("all", true).toString();
  }

  static String index(long id, List<Source> sources, Duration freshness) {
    return message(id, "index", sources, freshness).toString();
  }

  /** Without the keys that were fetched earlier: they are fetched again. */
  static String probe(long id, Source source) {
    ObjectNode message = JSON.createObjectNode().put("id", id).put("op", "probe");
    Source unfetched = source.withKeys(source.keys().withFetched(List.of()));
    describe(unfetched, message.putObject("source"));
    source.keys().urls().forEach(message.putArray("key_urls")::add);
    return message.toString();
  }

  private static ObjectNode message(
      long id, String operation, SolveRequest request, Duration freshness) {
    ObjectNode message = message(id, operation, request.sources(), freshness);
    // Part of the key of the metadata's cache, so it belongs to both messages.
    request.avoid().forEach(message.putArray("avoid")::add);
    return message;
  }

  private static ObjectNode message(
      long id, String operation, List<Source> from, Duration freshness) {
    ObjectNode message = JSON.createObjectNode().put("id", id).put("op", operation);
    message.put("max_age", (int) Math.min(freshness.toSeconds(), Integer.MAX_VALUE));
    ArrayNode sources = message.putArray("sources");
    from.forEach(source -> describe(source, sources.addObject()));
    return message;
  }

  private static void describe(Source source, ObjectNode object) {
    object.put("id", source.id());
    if (source.system()) {
      object.put("host", true);
      return;
    }
    object.put("type", source.type().word());
    object.put("url", source.url());
    source.suites().forEach(object.putArray("suites")::add);
    source.components().forEach(object.putArray("components")::add);
    object.put("check_gpg", source.checkSignature());
    object.put("check_tls", source.checkTls());
    source.proxy().ifPresent(proxy -> object.put("proxy", proxy));
    source.keys().all().forEach(object.putArray("public_keys")::add);
  }

  /**
   * The result of an answer.
   *
   * @throws DepsolveException when the answer is an error
   * @throws AdapterException when it is no answer to this request
   */
  static JsonNode result(String answer, long id) throws DepsolveException, AdapterException {
    JsonNode message = parse(answer);
    if (message.path("id").asLong(-1) != id) {
      throw new AdapterException("The package adapter answered another request");
    }
    if (message.has("error")) {
      JsonNode error = message.path("error");
      throw new DepsolveException(
          reason(error.path("code").asText()), error.path("message").asText());
    }
    return message.path("result");
  }

  private static JsonNode parse(String answer) throws AdapterException {
    try {
      return JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      throw new AdapterException("The package adapter answered nonsense", e);
    }
  }

  private static Reason reason(String code) {
    return switch (code) {
      case "UNSOLVABLE" -> Reason.UNSOLVABLE;
      case "CONFLICT" -> Reason.CONFLICT;
      case "UNKNOWN_GROUP" -> Reason.UNKNOWN_GROUP;
      case "SOURCE_UNREACHABLE", "BAD_SIGNATURE", "BAD_CHECKSUM", "NO_SPACE", "NO_MEMORY" ->
          Reason.SOURCE;
      default -> Reason.INTERNAL;
    };
  }

  static List<SolvedPackage> packages(JsonNode result) {
    List<SolvedPackage> packages = new ArrayList<>();
    for (JsonNode item : result.path("packages")) {
      packages.add(
          new SolvedPackage(
              new PackageVersion(
                  item.path("name").asText(),
                  item.path("epoch").asLong(),
                  item.path("version").asText(),
                  item.path("release").asText(),
                  item.path("architecture").asText()),
              item.path("source_id").asText(),
              item.path("sha256").asText(),
              item.path("location").asText(),
              item.path("size").asLong(),
              item.path("installed_size").asLong()));
    }
    return List.copyOf(packages);
  }

  /** The answer to the command {@code sources}. */
  static List<Source> sources(String answer) throws AdapterException {
    List<Source> sources = new ArrayList<>();
    for (JsonNode item : parse(answer)) {
      sources.add(
          new Source(
              item.path("id").asText(),
              item.path("name").asText(),
              type(item.path("type").asText()),
              true,
              item.path("url").asText(),
              texts(item.path("suites")),
              texts(item.path("components")),
              item.path("check_gpg").asBoolean(true),
              item.path("check_tls").asBoolean(true),
              Optional.empty(),
              SourceKeys.none()));
    }
    return List.copyOf(sources);
  }

  private static SourceType type(String word) throws AdapterException {
    return SourceType.of(word)
        .orElseThrow(() -> new AdapterException("The package adapter knows no type " + word));
  }

  private static List<String> texts(JsonNode list) {
    List<String> values = new ArrayList<>();
    list.forEach(value -> values.add(value.asText()));
    return values;
  }
}
