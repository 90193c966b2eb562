package io.weldr.api.http;

import io.weldr.api.source.Source;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tomlj.Toml;

/** Sources as replies show them. */
final class SourceForms {
  private SourceForms() {}

  /**
   * The fields of a source. In version 0 the id is called name. {@code suites}, {@code components}
   * and {@code gpgkeys} are there when they are set.
   */
  static Map<String, Object> fields(ApiVersion version, Source source) {
    Map<String, Object> fields = new TreeMap<>();
    if (version == ApiVersion.V0) {
      fields.put("name", source.id());
    } else {
      fields.put("id", source.id());
      fields.put("name", source.name());
    }
    fields.put("url", source.url());
    fields.put("type", source.type().word());
    fields.put("check_ssl", source.checkTls());
    fields.put("check_gpg", source.checkSignature());
    fields.put("system", source.system());
    source.proxy().ifPresent(proxy -> fields.put("proxy", proxy));
    putUnlessEmpty(fields, "gpgkey_urls", source.keys().urls());
    putUnlessEmpty(fields, "gpgkeys", source.keys().inline());
    putUnlessEmpty(fields, "suites", source.suites());
    putUnlessEmpty(fields, "components", source.components());
    return fields;
  }

  private static void putUnlessEmpty(Map<String, Object> fields, String key, List<String> values) {
    if (!values.isEmpty()) {
      fields.put(key, values);
    }
  }

  /** One table per source. */
  static String toml(ApiVersion version, List<Source> sources) {
    return sources.stream()
        .map(source -> table(source.id(), fields(version, source)))
        .collect(Collectors.joining("\n"));
  }

  private static String table(String id, Map<String, Object> fields) {
    StringBuilder table = new StringBuilder("[" + key(id) + "]\n");
    fields.forEach(
        (key, value) -> table.append(key).append(" = ").append(value(value)).append('\n'));
    return table.toString();
  }

  private static String key(String id) {
    return id.matches("[A-Za-z0-9_-]+") ? id : text(id);
  }

  private static String value(Object value) {
    return switch (value) {
      case List<?> items ->
          items.stream().map(SourceForms::value).collect(Collectors.joining(", ", "[", "]"));
      case Boolean flag -> flag.toString();
      default -> text(value.toString());
    };
  }

  private static String text(String text) {
    return "\"" + Toml.tomlEscape(text) + "\"";
  }
}
