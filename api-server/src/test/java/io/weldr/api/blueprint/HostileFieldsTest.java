package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Values that would break out of a kickstart, a shell, a path, an option list or a line, in every
 * field that ends up in one. Each is refused with a message that names the field, but for those
 * listed, which are harmless there and kept as they are.
 */
class HostileFieldsTest {
  private static final List<String> ALWAYS_REFUSED =
      List.of(
          "x\n%post\ntouch /pwned\n%end",
          "x\r\nrootpw --plaintext x",
          "\nx",
          "x\n",
          "x\r",
          "x\u0000y",
          "x\ty\u000b",
          "x\u2028%pre",
          "x\u2029y",
          "x\u0085y",
          "x\u007fy",
          "x\u202Ey",
          "x\u2066y",
          "x\u200By",
          "\uFEFFx",
          "\u001b[31mred",
          "x\u009by",
          "\ue000",
          "\uD83F\uDFFF",
          " ",
          "\t",
          "\u00a0\u3000",
          "x".repeat(20_000));

  private static final List<String> SOMETIMES_REFUSED =
      List.of(
          "a\" --plaintext \"b",
          "a' --lock 'b",
          "back\\slash\\",
          "--iscrypted",
          "-rf",
          "$(touch /pwned)",
          "`touch /pwned`",
          "${IFS}x",
          ";touch /pwned",
          "|x",
          "&x",
          ">x",
          "%include /etc/shadow",
          "%end",
          "#comment",
          "../../etc/passwd",
          "/a/../b",
          "/a/./b",
          "//a",
          "/",
          "..",
          ".",
          "a,b",
          "a:b",
          "a b",
          "a=b",
          "a/b",
          "*",
          "?",
          "[a]",
          "{a,b}",
          "~root",
          "!x",
          "\u00fc",
          "\uff41",
          "A",
          "0",
          "-1",
          "99999:tcp",
          "0:tcp",
          "80:TCP",
          "80-79:tcp",
          "80:tcp,81:tcp",
          "file:///etc/shadow",
          "ext::sh -c x",
          "--upload-pack=x");

  private record Field(String name, String json, Set<String> kept) {}

  private static final Set<String> ACCOUNT = Set.of();
  private static final Set<String> LINES = everythingBut();
  private static final Set<String> TEXTS_WITHOUT_COLON =
      everythingBut(
          "a:b",
          "99999:tcp",
          "0:tcp",
          "80:TCP",
          "80-79:tcp",
          "80:tcp,81:tcp",
          "file:///etc/shadow",
          "ext::sh -c x");

  private static Set<String> everythingBut(String... refused) {
    Set<String> kept = new TreeSet<>(SOMETIMES_REFUSED);
    for (String value : refused) {
      kept.remove(value);
    }
    return kept;
  }

  private static final List<Field> FIELDS =
      List.of(
          custom("hostname", "\"hostname\":%s", Set.of("A", "0")),
          custom(
              "append",
              "\"kernel\":{\"append\":%s}",
              Set.of(
                  "--iscrypted",
                  "-rf",
                  "../../etc/passwd",
                  "/a/../b",
                  "/a/./b",
                  "//a",
                  "/",
                  "..",
                  ".",
                  "a,b",
                  "a:b",
                  "a b",
                  "a=b",
                  "a/b",
                  "*",
                  "[a]",
                  "{a,b}",
                  "~root",
                  "!x",
                  "A",
                  "0",
                  "-1",
                  "99999:tcp",
                  "0:tcp",
                  "80:TCP",
                  "80-79:tcp",
                  "80:tcp,81:tcp",
                  "file:///etc/shadow",
                  "ext::sh -c x",
                  "--upload-pack=x")),
          custom("kernel.name", "\"kernel\":{\"name\":%s}", Set.of("A", "0")),
          custom("'user'", "\"sshkey\":[{\"user\":%s,\"key\":\"ssh-ed25519 AAAA a\"}]", ACCOUNT),
          custom("'key'", "\"sshkey\":[{\"user\":\"root\",\"key\":%s}]", LINES),
          custom("'name'", "\"user\":[{\"name\":%s}]", ACCOUNT),
          custom(
              "'description'",
              "\"user\":[{\"name\":\"u\",\"description\":%s}]",
              TEXTS_WITHOUT_COLON),
          custom("'key'", "\"user\":[{\"name\":\"u\",\"key\":%s}]", LINES),
          custom("'home'", "\"user\":[{\"name\":\"u\",\"home\":%s}]", Set.of()),
          custom("'shell'", "\"user\":[{\"name\":\"u\",\"shell\":%s}]", Set.of()),
          custom("'groups[0]'", "\"user\":[{\"name\":\"u\",\"groups\":[%s]}]", ACCOUNT),
          custom("'uid'", "\"user\":[{\"name\":\"u\",\"uid\":%s}]", Set.of()),
          custom("'gid'", "\"user\":[{\"name\":\"u\",\"gid\":%s}]", Set.of("0")),
          custom("'name'", "\"group\":[{\"name\":%s}]", ACCOUNT),
          custom("'gid'", "\"group\":[{\"name\":\"g\",\"gid\":%s}]", Set.of("0")),
          custom("timezone.timezone", "\"timezone\":{\"timezone\":%s}", Set.of()),
          custom("ntpservers[0]", "\"timezone\":{\"ntpservers\":[%s]}", Set.of("A", "0", "a:b")),
          custom("languages[0]", "\"locale\":{\"languages\":[%s]}", Set.of()),
          custom("keyboard", "\"locale\":{\"keyboard\":%s}", Set.of("A", "0")),
          custom("ports[0]", "\"firewall\":{\"ports\":[%s]}", Set.of()),
          custom("enabled[0]", "\"firewall\":{\"services\":{\"enabled\":[%s]}}", Set.of("A", "0")),
          custom(
              "disabled[0]", "\"firewall\":{\"services\":{\"disabled\":[%s]}}", Set.of("A", "0")),
          custom("'name'", "\"firewall\":{\"zones\":[{\"name\":%s}]}", Set.of("A", "0")),
          custom(
              "'sources[0]'",
              "\"firewall\":{\"zones\":[{\"name\":\"z\",\"sources\":[%s]}]}",
              Set.of(
                  "A",
                  "0",
                  "a:b",
                  "a/b",
                  "99999:tcp",
                  "0:tcp",
                  "80:TCP",
                  "80-79:tcp",
                  "file:///etc/shadow")),
          custom(
              "enabled[0]",
              "\"services\":{\"enabled\":[%s]}",
              Set.of("A", "0", "a:b", "99999:tcp", "0:tcp", "80:TCP", "80-79:tcp")),
          custom(
              "disabled[0]",
              "\"services\":{\"disabled\":[%s]}",
              Set.of("A", "0", "a:b", "99999:tcp", "0:tcp", "80:TCP", "80-79:tcp")),
          git("'rpmname'", "rpmname", Set.of("A", "0")),
          git("'rpmversion'", "rpmversion", Set.of("A", "0")),
          git("'rpmrelease'", "rpmrelease", Set.of("A", "0")),
          git("'summary'", "summary", LINES),
          git("'repo'", "repo", Set.of("file:///etc/shadow")),
          git("'ref'", "ref", Set.of("A", "0", "a/b", ".")),
          git("'destination'", "destination", Set.of("/")),
          new Field(
              "'name'",
              "{\"name\":\"h\",\"description\":\"\",\"packages\":[{\"name\":%s}]}",
              Set.of(
                  "/a/../b",
                  "/a/./b",
                  "//a",
                  "/",
                  "..",
                  ".",
                  "../../etc/passwd",
                  "a:b",
                  "a=b",
                  "a/b",
                  "*",
                  "?",
                  "[a]",
                  "~root",
                  "!x",
                  "A",
                  "0",
                  "99999:tcp",
                  "0:tcp",
                  "80:TCP",
                  "80-79:tcp",
                  "file:///etc/shadow")),
          new Field(
              "'version'",
              "{\"name\":\"h\",\"description\":\"\",\"packages\":[{\"name\":\"p\",\"version\":%s}]}",
              Set.of(
                  "--iscrypted",
                  "-rf",
                  "..",
                  ".",
                  "a:b",
                  "*",
                  "?",
                  "[a]",
                  "~root",
                  "!x",
                  "A",
                  "0",
                  "-1",
                  "99999:tcp",
                  "0:tcp",
                  "80:TCP",
                  "80-79:tcp")),
          new Field(
              "'name'",
              "{\"name\":\"h\",\"description\":\"\",\"groups\":[{\"name\":%s}]}",
              Set.of("a:b", "A", "0", "99999:tcp", "0:tcp", "80:TCP", "80-79:tcp")));

  private static Field custom(String name, String section, Set<String> kept) {
    return new Field(
        name, "{\"name\":\"h\",\"description\":\"\",\"customizations\":{" + section + "}}", kept);
  }

  private static Field git(String name, String key, Set<String> kept) {
    Map<String, String> values =
        new TreeMap<>(
            Map.of(
                "rpmname", "\"r\"",
                "rpmversion", "\"1\"",
                "rpmrelease", "\"1\"",
                "summary", "\"s\"",
                "repo", "\"https://example.com/r\"",
                "ref", "\"v1\"",
                "destination", "\"/opt/r\""));
    values.put(key, "%s");
    List<String> pairs = new ArrayList<>();
    values.forEach((k, v) -> pairs.add("\"" + k + "\":" + v));
    return new Field(
        name,
        "{\"name\":\"h\",\"description\":\"\",\"repos\":{\"git\":[{"
            + String.join(",", pairs)
            + "}]}}",
        kept);
  }

  private static String json(Field field, String value) {
    return field.json().formatted(JsonNodeFactory.instance.textNode(value).toString());
  }

  @Test
  void whatBreaksLinesOrCannotBeSeenIsRefusedEverywhere() {
    for (Field field : FIELDS) {
      for (String value : ALWAYS_REFUSED) {
        List<String> lines = problems(field, value);
        assertFalse(lines.isEmpty(), () -> "accepted: " + json(field, value));
        assertTrue(
            lines.stream().anyMatch(line -> line.contains(field.name())),
            () -> field.name() + " is not named in " + lines);
      }
    }
  }

  @Test
  void otherHostileValuesAreKeptOnlyWhereTheyAreHarmless() {
    Map<String, Set<String>> expected = new TreeMap<>();
    Map<String, Set<String>> actual = new TreeMap<>();
    for (Field field : FIELDS) {
      Set<String> kept = new TreeSet<>();
      for (String value : SOMETIMES_REFUSED) {
        if (problems(field, value).isEmpty()) {
          kept.add(value);
          Blueprint blueprint = BlueprintParser.fromJson(json(field, value));
          assertEquals(blueprint, BlueprintParser.fromToml(BlueprintToml.print(blueprint)));
        }
      }
      expected.put(field.json(), new TreeSet<>(field.kept()));
      actual.put(field.json(), kept);
    }
    assertEquals(
        expected.toString().replace("], ", "],\n"), actual.toString().replace("], ", "],\n"));
  }

  private static List<String> problems(Field field, String value) {
    try {
      BlueprintParser.fromJson(json(field, value));
      return List.of();
    } catch (InvalidBlueprintException e) {
      return e.problems().stream().map(Problem::message).toList();
    }
  }

  @Test
  void passwordsAreHashedWhateverTheyHoldOrRefused() {
    List<String> values = new ArrayList<>(ALWAYS_REFUSED);
    values.addAll(SOMETIMES_REFUSED);
    Field field = custom("'password'", "\"user\":[{\"name\":\"u\",\"password\":%s}]", Set.of());
    int hashed = 0;
    for (String value : values) {
      if (problems(field, value).isEmpty()) {
        String stored =
            BlueprintParser.fromJson(json(field, value))
                .customizations()
                .orElseThrow()
                .users()
                .getFirst()
                .password()
                .orElseThrow();
        assertTrue(stored.matches("\\$6\\$[A-Za-z0-9./]{16}\\$[A-Za-z0-9./]{86}"), stored);
        hashed++;
      }
    }
    assertTrue(hashed >= SOMETIMES_REFUSED.size(), "hashed " + hashed);
  }
}
