package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlueprintDiffTest {
  private static JsonNode diff(String before, String after) throws IOException {
    // Through text, because JSON does not tell a long from an int.
    return json(
        BlueprintJson.tree(
                BlueprintDiff.between(
                    BlueprintParser.fromToml(before), BlueprintParser.fromToml(after)))
            .toString());
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static String with(String customizations) {
    return "name = \"a\"\ndescription = \"\"\n[customizations]\n" + customizations;
  }

  @Test
  void theExampleOfTheContractComesOutAsItStands() throws IOException {
    String before =
        """
        name = "a"
        description = "one"
        version = "0.0.1"
        [[modules]]
        name = "m1"
        [[packages]]
        name = "bash"
        [[groups]]
        name = "g1"
        [customizations]
        hostname = "h1"
        [[customizations.sshkey]]
        user = "root"
        key = "k1"
        [[repos.git]]
        rpmname = "r"
        rpmversion = "1"
        rpmrelease = "1"
        summary = "s"
        repo = "https://example.com/r"
        ref = "v1"
        destination = "/opt"
        """;
    String after =
        """
        name = "a"
        description = "two"
        version = "0.0.3"
        [[modules]]
        name = "m2"
        [[packages]]
        name = "bash"
        version = "5.*"
        [customizations.timezone]
        timezone = "UTC"
        [[customizations.sshkey]]
        user = "root"
        key = "k2"
        [[repos.git]]
        rpmname = "r"
        rpmversion = "2"
        rpmrelease = "1"
        summary = "s"
        repo = "https://example.com/r"
        ref = "v1"
        destination = "/opt"
        """;
    String git =
        "\"rpmrelease\":\"1\",\"summary\":\"s\",\"repo\":\"https://example.com/r\",\"ref\":\"v1\","
            + "\"destination\":\"/opt\"}}";
    assertEquals(
        json(
            """
            [{"old":{"Description":"one"},"new":{"Description":"two"}},
             {"old":{"Version":"0.0.1"},"new":{"Version":"0.0.3"}},
             {"old":null,"new":{"Module":{"name":"m2","version":"*"}}},
             {"old":{"Module":{"name":"m1","version":"*"}},"new":null},
             {"old":{"Package":{"name":"bash","version":"*"}},
              "new":{"Package":{"name":"bash","version":"5.*"}}},
             {"old":{"Group":{"name":"g1"}},"new":null},
             {"old":null,"new":{"Customizations.timezone":{"timezone":"UTC"}}},
             {"old":{"Customizations.hostname":"h1"},"new":null},
             {"old":{"Customizations.sshkey":{"user":"root","key":"k1"}},
              "new":{"Customizations.sshkey":{"user":"root","key":"k2"}}},
            """
                + "{\"old\":{\"Repos.git\":{\"rpmname\":\"r\",\"rpmversion\":\"1\","
                + git
                + ",\"new\":{\"Repos.git\":{\"rpmname\":\"r\",\"rpmversion\":\"2\","
                + git
                + "}]"),
        diff(before, after));
  }

  @Test
  void equalBlueprintsHaveNoDifference() throws IOException {
    String text = with("hostname = \"a\"\n");
    assertEquals(json("[]"), diff(text, text));
  }

  @Test
  void additionsComeBeforeRemovalsBeforeChangesEachByLowerCasedName() throws IOException {
    String before =
        """
        name = "a"
        description = ""
        packages = [{name="c"}, {name="Z"}, {name="d", version="1"}, {name="a", version="1"}]
        """;
    String after =
        """
        name = "a"
        description = ""
        packages = [{name="e"}, {name="B"}, {name="d", version="2"}, {name="a", version="2"}]
        """;
    assertEquals(
        List.of("null->B", "null->e", "c->null", "Z->null", "a->a", "d->d"),
        diff(before, after)
            .valueStream()
            .map(e -> name(e, "old") + "->" + name(e, "new"))
            .toList());
  }

  private static String name(JsonNode difference, String side) {
    return difference.path(side).isNull()
        ? "null"
        : difference.path(side).path("Package").path("name").asText();
  }

  @Test
  void onlyTheFirstOfEntriesWithOneNameCounts() throws IOException {
    assertEquals(
        json("[]"),
        diff(
            "name=\"a\"\ndescription=\"\"\npackages=[{name=\"x\",version=\"1\"},{name=\"x\",version=\"2\"}]",
            "name=\"a\"\ndescription=\"\"\npackages=[{name=\"x\",version=\"1\"},{name=\"x\",version=\"3\"}]"));
  }

  @Test
  void listsWithoutNamesAndSidesOfDifferentKindsAreShownWhole() throws IOException {
    assertEquals(
        json("[{\"old\":{\"Customizations.x\":[1]},\"new\":{\"Customizations.x\":[2]}}]"),
        diff(with("x = [1]"), with("x = [2]")));
    assertEquals(
        json(
            "[{\"old\":{\"Customizations.x\":[{\"name\":\"a\"}]},\"new\":{\"Customizations.x\":[]}}]"),
        diff(with("x = [{name=\"a\"}]"), with("x = []")));
    assertEquals(
        json(
            "[{\"old\":{\"Customizations.x\":{\"y\":1}},\"new\":{\"Customizations.x\":[{\"name\":\"a\"}]}}]"),
        diff(with("x = {y=1}"), with("x = [{name=\"a\"}]")));
    assertEquals(
        json(
            "[{\"old\":{\"Customizations.x\":[{\"name\":1}]},\"new\":{\"Customizations.x\":[{\"name\":2}]}}]"),
        diff(with("x = [{name=1}]"), with("x = [{name=2}]")));
  }

  @Test
  void aNewListIsOneEntryAndAnElementOfAnOldOneIsOneElement() throws IOException {
    String one = "user = [{name=\"u\"}]";
    String two = "user = [{name=\"u\"}, {name=\"v\"}]";
    assertEquals(
        json("[{\"old\":null,\"new\":{\"Customizations.user\":[{\"name\":\"u\"}]}}]"),
        diff(with(""), with(one)));
    assertEquals(
        json("[{\"old\":null,\"new\":{\"Customizations.user\":{\"name\":\"v\"}}}]"),
        diff(with(one), with(two)));
  }

  @Test
  void aMissingVersionIsShownAsRemoval() throws IOException {
    assertEquals(
        json("[{\"old\":{\"Version\":\"1.0.0\"},\"new\":null}]"),
        diff("name=\"a\"\ndescription=\"\"\nversion=\"1.0.0\"", "name=\"a\"\ndescription=\"\""));
  }
}
