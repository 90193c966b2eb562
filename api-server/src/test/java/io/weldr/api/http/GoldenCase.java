package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A file of exchanges, one after the other, as they look on the wire:
 *
 * <pre>
 * # the row of the contract
 * POST /api/{v}/projects/source/new
 * Content-Type: application/json
 *
 * the body, if there is one
 *
 * 200 application/json
 * Content-Length: 17
 *
 * the body that is expected
 * ---
 * the next exchange
 * </pre>
 *
 * With {@code {v}} the file is run for v0 and for v1. {@code {NAME}} stands for a value of the
 * test. A JSON body is compared as JSON, another as text; {@code <any>} in an expected string
 * stands for any characters. Without an expected body any will do. A header that is expected
 * without a value must not be there. {@code tar:} is followed by the names of the members of an
 * archive.
 */
record GoldenCase(Path file, List<Exchange> exchanges) {
  private static final ObjectMapper JSON = new ObjectMapper();

  record Exchange(
      String method, String target, List<String> headers, String body, Expected expected) {}

  record Expected(int status, String type, List<String> headers, String body) {}

  /** A test per file of a directory and version of the API. */
  static Stream<DynamicTest> tests(String directory, Check check) throws IOException {
    Path root = Path.of("src/test/resources/io/weldr/api/http/golden", directory);
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(root)) {
      for (Path file : files.sorted().toList()) {
        String text = Files.readString(file);
        for (String version : text.contains("{v}") ? List.of("v0", "v1") : List.of("")) {
          GoldenCase golden = parse(file, text.replace("{v}", version));
          String name = file.getFileName() + " " + version;
          tests.add(DynamicTest.dynamicTest(name, file.toUri(), () -> check.run(golden)));
        }
      }
    }
    assertTrue(!tests.isEmpty(), directory);
    return tests.stream();
  }

  interface Check {
    void run(GoldenCase golden) throws Exception;
  }

  private static GoldenCase parse(Path file, String text) {
    return new GoldenCase(
        file, Stream.of(text.split("(?m)^---\n")).map(GoldenCase::exchange).toList());
  }

  private static Exchange exchange(String text) {
    String lines =
        text.lines().filter(line -> !line.startsWith("# ")).collect(Collectors.joining("\n"));
    Matcher answer = Pattern.compile("(?m)^([1-5][0-9][0-9]) ?(.*)$").matcher(lines);
    if (!answer.find()) {
      throw new IllegalArgumentException("an exchange without an expected status: " + text);
    }
    String[] request = lines.substring(0, answer.start()).strip().split("\n\n", 2);
    List<String> head = request[0].lines().toList();
    String[] words = head.getFirst().split(" ", 2);
    return new Exchange(
        words[0],
        words[1],
        head.subList(1, head.size()),
        request.length > 1 ? request[1] : "",
        new Expected(
            Integer.parseInt(answer.group(1)),
            answer.group(2).strip(),
            head(lines.substring(answer.end())),
            body(lines.substring(answer.end()))));
  }

  /** The headers behind a status line, up to the empty line. */
  private static List<String> head(String reply) {
    return reply.lines().skip(1).takeWhile(line -> !line.isBlank()).toList();
  }

  private static String body(String reply) {
    return reply.lines().skip(1L + head(reply).size()).collect(Collectors.joining("\n")).strip();
  }

  /** Sends each request and compares its reply. */
  void run(Path socket, Map<String, String> values) throws IOException {
    for (Exchange exchange : exchanges) {
      List<String> parts = new ArrayList<>(exchange.headers());
      if (!exchange.body().isEmpty()) {
        parts.add(filled(exchange.body(), values));
      }
      Reply reply =
          RawClient.ask(
              socket,
              exchange.method(),
              filled(exchange.target(), values),
              parts.toArray(String[]::new));
      for (String header : exchange.expected().headers()) {
        String[] named = filled(header, values).split(":", 2);
        assertEquals(
            named[1].strip(), reply.header(named[0]), file.getFileName() + ": " + named[0]);
      }
      compare(exchange, reply, filled(exchange.expected().body(), values));
    }
  }

  private void compare(Exchange exchange, Reply reply, String body) throws IOException {
    String where = file.getFileName() + ": " + exchange.method() + " " + exchange.target();
    assertEquals(exchange.expected().status(), reply.status(), where + "\n" + reply.text());
    String type = exchange.expected().type();
    if (!type.isEmpty()) {
      assertEquals(type, reply.header("Content-Type"), where);
    }
    if (body.isEmpty()) {
      return;
    }
    if (body.startsWith("tar:")) {
      assertEquals(body.substring(4).strip(), members(reply), where);
      return;
    }
    boolean alike =
        body.startsWith("{")
            ? alike(JSON.readTree(body), reply.json())
            : alike(body, reply.text().strip());
    if (!alike) {
      assertEquals(body, reply.text(), where);
    }
  }

  private static String members(Reply reply) throws IOException {
    List<String> names = new ArrayList<>();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(reply.bytes()))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        names.add(e.getName());
      }
    }
    return String.join(" ", names);
  }

  private static boolean alike(JsonNode expected, JsonNode actual) {
    if (expected.isTextual() && actual.isTextual()) {
      return alike(expected.textValue(), actual.textValue());
    }
    if (!expected.isContainerNode() || expected.size() != actual.size()) {
      return expected.equals(actual);
    }
    if (expected.isArray()) {
      Iterator<JsonNode> others = actual.iterator();
      for (JsonNode item : expected) {
        if (!alike(item, others.next())) {
          return false;
        }
      }
      return actual.isArray();
    }
    return expected.properties().stream()
        .allMatch(field -> alike(field.getValue(), actual.path(field.getKey())));
  }

  private static boolean alike(String expected, String actual) {
    String pattern =
        Stream.of(expected.split("<any>", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(pattern, Pattern.DOTALL).matcher(actual).matches();
  }

  private static String filled(String text, Map<String, String> values) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace("{" + value.getKey() + "}", value.getValue());
    }
    return filled;
  }
}
