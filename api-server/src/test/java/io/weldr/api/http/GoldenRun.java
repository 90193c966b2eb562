package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.api.http.GoldenFile.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Sends the requests of one golden case to a server and describes the replies. */
final class GoldenRun {
  private static final Pattern OF_COMMIT = Pattern.compile("\\{([A-Za-z0-9._-]+)@([0-9]+)}");
  private static final Pattern SPECIAL =
      Pattern.compile("\\{(?:bytes:([0-9a-f]+)|repeat:([0-9]+):([^}]+))}");

  /** In an expected reply it stands for any text. */
  private static final String ANY = "<any>";

  private static final Pattern COMMIT = Pattern.compile("\\b[0-9a-f]{40}\\b");

  private final Path socket;
  private final String version;
  private final Map<String, String> values;
  private final Map<String, String> labels = new HashMap<>();

  /**
   * @param version what {@code v*} in the requests stands for
   * @param values what {@code {NAME}} stands for
   */
  GoldenRun(Path socket, String version, Map<String, String> values) {
    this.socket = socket;
    this.version = version;
    this.values = values;
  }

  /** Sends a request; fails unless the reply is as expected. */
  void check(Step step) throws IOException {
    Reply reply = send(step);
    if (step.expected().isEmpty()) {
      assertEquals(200, reply.status(), step.target() + ": " + reply.text());
    } else if (!asExpected(step, reply)) {
      assertEquals(
          String.join("\n", step.expected()),
          String.join("\n", lines(step, reply)),
          step.method() + " " + step.target());
    }
  }

  /** Sends a request; what the reply is, unless it is as expected. */
  Optional<List<String>> other(Step step) throws IOException {
    Reply reply = send(step);
    return asExpected(step, reply) ? Optional.empty() : Optional.of(lines(step, reply));
  }

  private boolean asExpected(Step step, Reply reply) throws IOException {
    String pattern =
        Stream.of(String.join("\n", step.expected()).split(ANY, -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(pattern, Pattern.DOTALL)
        .matcher(String.join("\n", lines(step, reply)))
        .matches();
  }

  private Reply send(Step step) throws IOException {
    String target = withCommits(withValues(step.target().replace("/v*/", "/" + version + "/")));
    byte[] body = bytes(withCommits(withValues(step.body())));
    StringBuilder head = new StringBuilder(step.method() + " " + target + " HTTP/1.1\r\n");
    step.headers().forEach(header -> head.append(header).append("\r\n"));
    if (step.headers().stream().noneMatch(header -> header.startsWith("Host:"))) {
      head.append("Host: localhost\r\n");
    }
    if (body.length > 0) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    try (RawClient client = new RawClient(socket)) {
      client.send(bytes(head + "\r\n"));
      client.send(body);
      return client.reply(step.method().equals("HEAD"));
    }
  }

  /** The reply as a golden file has it. */
  private List<String> lines(Step step, Reply reply) throws IOException {
    List<String> lines = new ArrayList<>(List.of("< " + reply.status()));
    if (!reply.header("Content-Type").equals("application/json")) {
      lines.add("< Content-Type: " + reply.header("Content-Type"));
    }
    for (String name : headers(step, reply)) {
      lines.add(("< " + name + ": " + masked(reply.header(name))).stripTrailing());
    }
    String text =
        reply.header("Content-Type").equals("application/x-tar")
            ? members(reply)
            : masked(reply.text());
    if (!text.isEmpty()) {
      // Every text ends with a newline; one without is shown.
      String shown =
          text.endsWith("\n") ? text.substring(0, text.length() - 1) : text + "{no newline}";
      shown.lines().forEach(line -> lines.add("<|" + line));
    }
    return lines;
  }

  /** Of the headers those the file names, and Allow. */
  private static List<String> headers(Step step, Reply reply) {
    List<String> names = new ArrayList<>();
    if (!reply.header("Allow").isEmpty()) {
      names.add("Allow");
    }
    step.expected().stream()
        .filter(line -> line.startsWith("< ") && line.contains(":"))
        .map(line -> line.substring(2, line.indexOf(':')))
        .filter(name -> !List.of("Allow", "Content-Type").contains(name))
        .forEach(names::add);
    return names;
  }

  private static String members(Reply reply) throws IOException {
    StringBuilder names = new StringBuilder();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(reply.bytes()))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        names.append(e.getName()).append('\n');
      }
    }
    return names.toString();
  }

  private String withValues(String text) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace("{" + value.getKey() + "}", value.getValue());
    }
    return filled;
  }

  /** What differs from run to run and from machine to machine becomes a name. */
  private String masked(String text) {
    String ours = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      ours = ours.replace(value.getValue(), "{" + value.getKey() + "}");
    }
    String named =
        COMMIT
            .matcher(ours)
            .replaceAll(
                found -> Matcher.quoteReplacement(labels.getOrDefault(found.group(), "{commit}")));
    return named
        .replaceAll("\\b20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", "{time}")
        .replaceAll("\\$6\\$[A-Za-z0-9./$]{90,}", "{hash}")
        .replaceAll("\\b(?:amd64|arm64|ppc64el|riscv64|s390x)\\b", "{arch}");
  }

  /** Puts the id of the N-th commit of a blueprint for {@code {NAME@N}}. */
  private String withCommits(String text) throws IOException {
    StringBuilder replaced = new StringBuilder();
    Matcher matcher = OF_COMMIT.matcher(text);
    while (matcher.find()) {
      String commit = commit(matcher.group(1), Integer.parseInt(matcher.group(2)));
      labels.put(commit, matcher.group());
      matcher.appendReplacement(replaced, commit);
    }
    return matcher.appendTail(replaced).toString();
  }

  private String commit(String name, int number) throws IOException {
    JsonNode changes =
        RawClient.ask(socket, "GET", "/api/v0/blueprints/changes/" + name + "?limit=100")
            .json()
            .at("/blueprints/0/changes");
    return changes.path(changes.size() - number).path("commit").asText();
  }

  private static byte[] bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int plain = 0;
    for (MatchResult special : SPECIAL.matcher(text).results().toList()) {
      bytes.writeBytes(utf8(text.substring(plain, special.start())));
      bytes.writeBytes(
          special.group(1) != null
              ? HexFormat.of().parseHex(special.group(1))
              : utf8(special.group(3).repeat(Integer.parseInt(special.group(2)))));
      plain = special.end();
    }
    bytes.writeBytes(utf8(text.substring(plain)));
    return bytes.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
