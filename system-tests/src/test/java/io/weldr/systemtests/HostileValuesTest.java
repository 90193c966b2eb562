package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Hostile values in every field of a blueprint, through both processes: each is refused with a
 * message, or is one literal word of the kickstart and changes nothing else in it.
 */
@Tag("archive")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileValuesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> VALUES =
      List.of(
          "x\n%post\ntouch /pwned\n%end",
          "x\r\nrootpw --plaintext x",
          "x\u0000y",
          "x\u2028%pre",
          "x\u0085y",
          "x\u202Ey",
          "\u001b[31mred",
          "a\" --plaintext \"b",
          "a' --lock 'b",
          "back\\slash\\",
          "--iscrypted",
          "-rf",
          "$(touch /pwned)",
          "`touch /pwned`",
          ";touch /pwned",
          "%include /etc/shadow",
          "%end",
          "#comment",
          "../../etc/passwd",
          "a,b:c",
          "a b",
          " ",
          "",
          "x".repeat(100_000));

  /** Where a value goes: the JSON of a blueprint with %s, and whether the kickstart shows it. */
  private record Field(String name, String json, boolean inKickstart) {}

  private static final List<Field> FIELDS =
      List.of(
          whole("name", "{\"name\":%s,\"description\":\"\"}"),
          whole("description", "{\"name\":\"h\",\"description\":%s}"),
          whole("version", "{\"name\":\"h\",\"description\":\"\",\"version\":%s}"),
          whole(
              "packages.name",
              "{\"name\":\"h\",\"description\":\"\",\"packages\":[{\"name\":%s}]}"),
          whole(
              "packages.version",
              "{\"name\":\"h\",\"description\":\"\",\"packages\":[{\"name\":\"bash\",\"version\":%s}]}"),
          whole(
              "modules.name", "{\"name\":\"h\",\"description\":\"\",\"modules\":[{\"name\":%s}]}"),
          whole("groups.name", "{\"name\":\"h\",\"description\":\"\",\"groups\":[{\"name\":%s}]}"),
          custom("hostname", "\"hostname\":%s"),
          custom("kernel.append", "\"kernel\":{\"append\":%s}"),
          custom("sshkey.user", "\"sshkey\":[{\"user\":%s,\"key\":\"ssh-ed25519 AAAA a\"}]"),
          custom("sshkey.key", "\"sshkey\":[{\"user\":\"root\",\"key\":%s}]"),
          custom("user.name", "\"user\":[{\"name\":%s}]"),
          custom("user.description", "\"user\":[{\"name\":\"u\",\"description\":%s}]"),
          new Field(
              "user.password",
              "{\"name\":\"h\",\"description\":\"\",\"customizations\":{\"user\":[{\"name\":\"u\",\"password\":%s}]}}",
              false),
          custom("user.key", "\"user\":[{\"name\":\"u\",\"key\":%s}]"),
          custom("user.home", "\"user\":[{\"name\":\"u\",\"home\":%s}]"),
          custom("user.shell", "\"user\":[{\"name\":\"u\",\"shell\":%s}]"),
          custom("user.groups", "\"user\":[{\"name\":\"u\",\"groups\":[%s]}]"),
          custom("group.name", "\"group\":[{\"name\":%s}]"),
          custom("timezone.timezone", "\"timezone\":{\"timezone\":%s}"),
          custom("timezone.ntpservers", "\"timezone\":{\"ntpservers\":[%s]}"),
          custom("locale.languages", "\"locale\":{\"languages\":[%s]}"),
          custom("locale.keyboard", "\"locale\":{\"keyboard\":%s}"),
          custom("firewall.ports", "\"firewall\":{\"ports\":[%s]}"),
          custom("firewall.services.enabled", "\"firewall\":{\"services\":{\"enabled\":[%s]}}"),
          custom("firewall.services.disabled", "\"firewall\":{\"services\":{\"disabled\":[%s]}}"),
          custom("services.enabled", "\"services\":{\"enabled\":[%s]}"),
          custom("services.disabled", "\"services\":{\"disabled\":[%s]}"));

  private static Field whole(String name, String json) {
    return new Field(name, json, false);
  }

  private static Field custom(String name, String section) {
    return new Field(
        name, "{\"name\":\"h\",\"description\":\"\",\"customizations\":{" + section + "}}", true);
  }

  /**
   * Reads a kickstart as pykickstart does and prints its sections, then 1 or 0: whether the value
   * is one word of a command, alone, behind an option's equals sign, or in an option's comma list.
   */
  private static final String READER =
      """
      import json, shlex, sys
      value = json.loads(sys.argv[2])
      sections, found, section = [], 0, None
      for line in open(sys.argv[1], encoding="utf-8", newline="\\n").read().split("\\n"):
          if line.startswith("%"):
              sections.append(line.split()[0])
              section = None if line.startswith("%end") else line.split()[0]
          elif section is None:
              for word in shlex.split(line, comments=True):
                  plain = word.split("=", 1)[1] if word.startswith("--") and "=" in word else word
                  if value in (word, plain) or value in plain.split(","):
                      found = 1
      print(" ".join(sections), found)
      """;

  private RunningComposer composer;
  private String plainSections;

  @BeforeAll
  void start() throws IOException {
    composer = RunningComposer.start("test_compose_seconds = 0");
    assertEquals(200, push("{\"name\":\"plain\",\"description\":\"\"}").status());
    plainSections = sections(composer.curl().compose("plain", "tar", "?test=2"), "\"x\"");
  }

  @AfterAll
  void stop() {
    composer.close();
  }

  @Test
  void everyHostileValueIsRefusedWithAMessageOrArrivesLiterally() throws IOException {
    int refused = 0;
    List<String> accepted = new ArrayList<>();
    for (Field field : FIELDS) {
      for (String value : VALUES) {
        String what =
            field.name + " = " + JSON.writeValueAsString(value.length() > 99 ? "long" : value);
        Curl.Answer pushed = push(field.json.formatted(JSON.writeValueAsString(value)));
        if (pushed.status() == 200) {
          accepted.add(what);
          checkCompose(field, value, what);
        } else {
          assertTrue(pushed.status() == 400 || pushed.status() == 413, what + ": " + pushed);
          assertFalse(pushed.error().isBlank(), what);
          refused++;
        }
      }
    }
    assertEquals(FIELDS.size() * VALUES.size(), refused + accepted.size());
    assertTrue(refused > 200, "refused " + refused + ", accepted: " + accepted);
    assertFalse(Files.exists(Path.of("/pwned")));
  }

  private void checkCompose(Field field, String value, String what) throws IOException {
    String name = field.name.equals("name") ? value : "h";
    ObjectNode request = JSON.createObjectNode();
    request.put("blueprint_name", name).put("compose_type", "tar").put("branch", "master");
    Curl.Answer answer = composer.curl().postJson("/api/v1/compose?test=2", request.toString());
    if (answer.status() != 200) {
      assertEquals(400, answer.status(), what + ": " + answer);
      assertFalse(answer.error().isBlank(), what);
      return;
    }
    String shown = sections(answer.json().get("build_id").asText(), JSON.writeValueAsString(value));
    assertEquals(plainSections.split(" [01]$")[0], shown.split(" [01]$")[0], what);
    if (field.inKickstart && !value.isBlank()) {
      assertTrue(shown.endsWith(" 1"), what + " is not in the kickstart as it is");
    }
  }

  private Curl.Answer push(String blueprint) throws IOException {
    Path body = composer.top().resolve("body.json");
    Files.writeString(body, blueprint);
    return composer.curl().postJson("/api/v1/blueprints/new", "@" + body);
  }

  private String sections(String id, String value) {
    return Command.must(
            "/usr/bin/python3",
            "-c",
            READER,
            composer.results(id).resolve("final-kickstart.ks"),
            value.length() > 90_000 ? "\"x\"" : value)
        .strip();
  }
}
