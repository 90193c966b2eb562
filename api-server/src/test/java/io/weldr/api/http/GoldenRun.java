package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.api.http.GoldenFile.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends the requests of one golden case to a server and describes the replies. */
final class GoldenRun {
  private static final Pattern OF_COMMIT = Pattern.compile("\\{([A-Za-z0-9._-]+)@([0-9]+)}");
  private static final Pattern SPECIAL =
      Pattern.compile("\\{(?:bytes:([0-9a-f]+)|repeat:([0-9]+):([^}]+))}");
  private static final Pattern COMMIT = Pattern.compile("\\b[0-9a-f]{40}\\b");

  private final RunningServer server;
  private final String version;
  private final Map<String, String> labels = new HashMap<>();

  /**
   * @param version what {@code v*} in the requests stands for
   */
  GoldenRun(RunningServer server, String version) {
    this.server = server;
    this.version = version;
  }

  /** Sends a request; fails unless the reply is as expected. */
  void check(Step step) throws IOException {
    Reply reply = send(step);
    if (step.expected().isEmpty()) {
      assertEquals(200, reply.status(), step.target() + ": " + reply.text());
    } else {
      assertEquals(
          String.join("\n", step.expected()),
          String.join("\n", lines(step, reply)),
          step.method() + " " + step.target());
    }
  }

  Reply send(Step step) throws IOException {
    String target = withCommits(step.target().replace("/v*/", "/" + version + "/"));
    byte[] body = bytes(withCommits(step.body()));
    StringBuilder head = new StringBuilder(step.method() + " " + target + " HTTP/1.1\r\n");
    step.headers().forEach(header -> head.append(header).append("\r\n"));
    if (step.headers().stream().noneMatch(header -> header.startsWith("Host:"))) {
      head.append("Host: localhost\r\n");
    }
    if (body.length > 0) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    try (RawClient client = new RawClient(server.socket)) {
      client.send(bytes(head + "\r\n"));
      client.send(body);
      return client.reply(step.method().equals("HEAD"));
    }
  }

  /** The reply as a golden file has it. */
  List<String> lines(Step step, Reply reply) {
    List<String> lines = new ArrayList<>(List.of("< " + reply.status()));
    if (!reply.header("Content-Type").equals("application/json")) {
      lines.add("< Content-Type: " + reply.header("Content-Type"));
    }
    for (String name : List.of("Allow", "Content-Length")) {
      boolean wanted = step.expected().stream().anyMatch(line -> line.startsWith("< " + name));
      if (wanted || (name.equals("Allow") && !reply.header(name).isEmpty())) {
        lines.add("< " + name + ": " + reply.header(name));
      }
    }
    String text = masked(reply.text());
    if (!text.isEmpty()) {
      // Every text ends with a newline; one without is shown.
      String shown =
          text.endsWith("\n") ? text.substring(0, text.length() - 1) : text + "{no newline}";
      shown.lines().forEach(line -> lines.add("<|" + line));
    }
    return lines;
  }

  /** What differs from run to run and from machine to machine becomes a name. */
  private String masked(String text) {
    String named =
        COMMIT
            .matcher(text)
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
        server
            .get("/api/v0/blueprints/changes/" + name + "?limit=100")
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
