package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.Crypt;
import org.junit.jupiter.api.Test;

class BlueprintParserTest {
  private static final String HEAD = "name = \"a\"\ndescription = \"\"\n";

  private static String problemsOfToml(String text) {
    return assertThrows(InvalidBlueprintException.class, () -> BlueprintParser.fromToml(text))
        .getMessage();
  }

  private static String problemsOfJson(String text) {
    return assertThrows(InvalidBlueprintException.class, () -> BlueprintParser.fromJson(text))
        .getMessage();
  }

  @Test
  void allProblemsOfADocumentAreReportedAtOnceInContractOrderWithPositions() {
    String text =
        """
        version = "1.0"

        [[packages]]
        Name = "bash"

        [[packages]]
        version = "1"

        [[groups]]

        [customizations.kernel]
        appEnD = "nosmt"

        [customizations.timezone]
        """;
    assertEquals(
        """
        Missing 'name'
        Missing 'description'
        Invalid 'version', must use Semantic Versioning (line 1 column 1)
        'packages' errors:
        1 Name should be name (line 4 column 1)
        1 is missing 'name' (line 3 column 1)
        2 is missing 'name' (line 6 column 1)
        'groups' errors:
        1 is missing 'name' (line 9 column 1)
        kernel appEnD should be append (line 12 column 1)
        'customizations.kernel': missing append field. (line 11 column 1)
        'customizations.timezone': missing timezone or ntpservers fields. (line 14 column 1)""",
        problemsOfToml(text));
  }

  @Test
  void problemsCarryTheKeyPath() {
    InvalidBlueprintException e =
        assertThrows(
            InvalidBlueprintException.class,
            () ->
                BlueprintParser.fromToml(
                    HEAD + "[[customizations.user]]\nname = \"u\"\nshell = \"bash\"\n"));
    Problem problem = e.problems().get(1);
    assertEquals("customizations.user[0].shell", problem.path());
    assertEquals(Optional.of(new Position(5, 1)), problem.position());
  }

  @Test
  void jsonProblemsHaveTheSameLinesWithoutPositions() {
    assertEquals(
        "Missing 'description'\n'packages' errors:\n1 Name should be name\n1 is missing 'name'\n"
            + "2 'version' must be a text",
        problemsOfJson(
            "{\"name\":\"a\",\"packages\":[{\"Name\":\"x\"},{\"name\":\"y\",\"version\":5}]}"));
  }

  @Test
  void aPackageWithoutVersionMeansAnyVersion() {
    Blueprint blueprint =
        BlueprintParser.fromJson(
            "{\"name\":\"a\",\"description\":\"\",\"packages\":[{\"name\":\"zsh\"},"
                + "{\"name\":\"Bash\",\"version\":\"\"}]}");
    assertEquals(
        List.of(new PackageEntry("Bash", "*"), new PackageEntry("zsh", "*")), blueprint.packages());
  }

  @Test
  void anEmptyVersionIsAbsent() {
    assertEquals(Optional.empty(), BlueprintParser.fromToml(HEAD + "version = \"\"\n").version());
  }

  @Test
  void unknownKeysAreProblemsInTomlAndIgnoredInJson() {
    assertEquals(
        "pakages is not a known key; did you mean 'packages'? (line 3 column 1)",
        problemsOfToml(HEAD + "pakages = []\n"));
    assertEquals(
        "'packages' errors:\n1 'arch' is not a known key (line 5 column 1)",
        problemsOfToml(HEAD + "[[packages]]\nname = \"a\"\narch = \"x\"\n"));
    Blueprint blueprint =
        BlueprintParser.fromJson(
            "{\"name\":\"a\",\"description\":\"\",\"id\":4,\"packages\":[{\"name\":\"b\",\"x\":1}]}");
    assertEquals(List.of(new PackageEntry("b", "*")), blueprint.packages());
  }

  @Test
  void keysThatCockpitSendsAreAcceptedInBoth() {
    assertEquals(
        Optional.of("fedora-41"),
        BlueprintParser.fromToml(HEAD + "distro = \"fedora-41\"\ndependencies = []\n").distro());
    assertEquals(
        Optional.empty(),
        BlueprintParser.fromJson(
                "{\"name\":\"a\",\"description\":\"\",\"distro\":\"\",\"dependencies\":[{}]}")
            .distro());
  }

  @Test
  void unknownCustomizationsAreKeptAndNamedAsUnsupported() {
    Blueprint blueprint =
        BlueprintParser.fromToml(
            HEAD
                + "[customizations]\nfoo = \"bar\"\n[customizations.openscap]\nprofile_id = \"p\"\n"
                + "[[customizations.filesystem]]\nmountpoint = \"/var\"\nminsize = \"1 GiB\"\n");
    assertEquals(
        List.of("customizations.filesystem", "customizations.openscap", "customizations.foo"),
        blueprint.unsupportedSections());
  }

  @Test
  void sectionsOfOsbuildInsideKnownTablesAreNamedAsUnsupported() {
    Blueprint blueprint =
        BlueprintParser.fromToml(
            """
            name = "a"
            description = ""
            architecture = "aarch64"
            [[containers]]
            source = "registry/x"
            [customizations.kernel]
            name = "kernel-rt"
            [[customizations.user]]
            name = "u"
            expiredate = 12
            force_password_reset = true
            [customizations.services]
            masked = ["x"]
            [[customizations.firewall.zones]]
            name = "z"
            sources = ["192.0.2.0/24"]
            """);
    assertEquals(
        List.of(
            "customizations.kernel.name",
            "customizations.user.expiredate",
            "customizations.user.force_password_reset",
            "customizations.firewall.zones",
            "customizations.services.masked",
            "architecture",
            "containers"),
        blueprint.unsupportedSections());
  }

  @Test
  void clearPasswordsAreHashedAndHashesKept() {
    String user = "[[customizations.user]]\nname = \"u\"\npassword = ";
    String hash = passwordOf(HEAD + user + "\"geheim \\\"ü\\\"\"\n");
    assertTrue(hash.startsWith("$6$"), hash);
    assertEquals(hash, Crypt.crypt("geheim \"ü\"", hash));
    assertFalse(hash.equals(passwordOf(HEAD + user + "\"geheim \\\"ü\\\"\"\n")), "salt reused");
    for (String crypted :
        List.of("$6$abc$defg", "$5$rounds=5000$salt$x/y.", "$2b$12$abcdef", "$y$j9T$abc$def")) {
      assertEquals(crypted, passwordOf(HEAD + user + "\"" + crypted + "\"\n"));
    }
    assertEquals(
        "'customizations.user' errors:\n1 'password' is not a hash of the methods $6$, $5$, $2b$"
            + " and $y$ as crypt writes them (line 5 column 1)",
        problemsOfToml(HEAD + user + "\"$1$salt$hash\"\n"));
    assertEquals(
        Optional.empty(),
        BlueprintParser.fromToml(HEAD + user + "\"\"\n")
            .customizations()
            .orElseThrow()
            .users()
            .getFirst()
            .password());
  }

  private static String passwordOf(String toml) {
    return BlueprintParser.fromToml(toml)
        .customizations()
        .orElseThrow()
        .users()
        .getFirst()
        .password()
        .orElseThrow();
  }

  @Test
  void aSectionOfTheWrongTypeIsNamed() {
    assertEquals(
        "customizations.user must be a list of tables; in TOML write [[customizations.user]]"
            + " (line 3 column 1)",
        problemsOfToml(HEAD + "[customizations.user]\nname = \"u\"\n"));
    assertEquals(
        "customizations.timezone must be a table (line 4 column 1)",
        problemsOfToml(HEAD + "[customizations]\ntimezone = \"UTC\"\n"));
    assertEquals(
        "packages must be a list of tables; in TOML write [[packages]]",
        problemsOfJson("{\"name\":\"a\",\"description\":\"\",\"packages\":{\"bash\":\"*\"}}"));
    assertEquals(
        "customizations must be a table",
        problemsOfJson("{\"name\":\"a\",\"description\":\"\",\"customizations\":\"x\"}"));
    assertEquals("The blueprint must be a JSON object", problemsOfJson("[]"));
  }

  @Test
  void ofCustomizationsAsAListTheFirstTableCounts() {
    String list = HEAD + "[[customizations]]\nhostname = \"web\"\n";
    for (String toml : List.of(list, list + "[[customizations]]\nhostname = 1\n")) {
      Blueprint blueprint = BlueprintParser.fromToml(toml);
      assertEquals(Optional.of("web"), blueprint.customizations().orElseThrow().hostname());
    }
    assertEquals(
        "customizations must be a table (line 3 column 1)",
        problemsOfToml(HEAD + "customizations = []\n"));
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    assertEquals("a", BlueprintParser.fromToml("\uFEFF" + HEAD).name());
    assertEquals(
        "a",
        BlueprintParser.fromJson(
                "\uFEFF{\"name\":\"a\",\"description\":\"\"}".getBytes(StandardCharsets.UTF_8))
            .name());
  }

  @Test
  void bytesThatAreNotUtf8AreRefusedWithTheirPlace() {
    byte[] bytes = (HEAD + "#x").getBytes(StandardCharsets.ISO_8859_1);
    bytes[22] = (byte) 0xff;
    InvalidBlueprintException e =
        assertThrows(InvalidBlueprintException.class, () -> BlueprintParser.fromToml(bytes));
    assertEquals(
        "The blueprint is not UTF-8: cannot read byte 0xff at position 22", e.getMessage());
  }

  @Test
  void syntaxErrorsHaveLineAndColumn() {
    String toml = problemsOfToml("name = \"a\nx = [\n");
    assertTrue(toml.startsWith("Invalid TOML: "), toml);
    assertTrue(toml.contains("(line 1 column "), toml);
    String json = problemsOfJson("{\"name\": }");
    assertTrue(json.startsWith("Invalid JSON: "), json);
    assertTrue(json.endsWith("(line 1 column 10)"), json);
    assertTrue(problemsOfJson("").startsWith("The blueprint must be"));
    assertTrue(problemsOfJson("{\"name\":\"a\",\"name\":\"b\"}").contains("Duplicate"));
    assertTrue(problemsOfJson("{} {}").startsWith("Invalid JSON"));
  }

  @Test
  void deepNestingIsRefused() {
    String deepToml = HEAD + "[customizations]\nx = " + "[".repeat(40) + "]".repeat(40) + "\n";
    assertTrue(problemsOfToml(deepToml).contains("nested more than 32 levels"));
    String deepJson =
        "{\"name\":\"a\",\"description\":\"\",\"customizations\":{\"x\":"
            + "[".repeat(40)
            + "]".repeat(40)
            + "}}";
    assertTrue(problemsOfJson(deepJson).contains("nested more than 32 levels"));
    assertTrue(problemsOfToml("[".repeat(100_000)).startsWith("Invalid TOML"));
    assertTrue(problemsOfToml("x = " + "[".repeat(100_000)).startsWith("Invalid TOML"));
    assertTrue(problemsOfToml("x = " + "{a=".repeat(100_000)).startsWith("Invalid TOML"));
    assertTrue(problemsOfToml("a" + ".a".repeat(100_000) + " = 1").contains("TOML"));
    assertTrue(problemsOfJson("[".repeat(100_000)).startsWith("Invalid JSON"));
  }

  @Test
  void longListsAreRefused() {
    String items = "{\"name\":\"p\"},".repeat(Document.MAX_ITEMS) + "{\"name\":\"p\"}";
    assertEquals(
        "packages has more than 10000 entries",
        problemsOfJson("{\"name\":\"a\",\"description\":\"\",\"packages\":[" + items + "]}"));
  }

  @Test
  void loneSurrogatesAreRefused() {
    assertEquals(
        "description has a character that does not exist in Unicode",
        problemsOfJson("{\"name\":\"a\",\"description\":\"\\ud800\"}"));
  }

  @Test
  void numbersMayBeTextsOfDigitsAndMustBeInRange() {
    String user = HEAD + "[[customizations.user]]\nname = \"u\"\nuid = ";
    assertEquals(
        Optional.of(1200L),
        BlueprintParser.fromToml(user + "\"1200\"\n")
            .customizations()
            .orElseThrow()
            .users()
            .getFirst()
            .uid());
    for (String bad : List.of("-1", "\"x\"", "1.5", "4294967295", "true", "\"-5\"", "[1]")) {
      assertTrue(
          problemsOfToml(user + bad + "\n")
              .contains("1 'uid' must be a whole number from 0 to 4294967294"),
          bad);
    }
    assertTrue(problemsOfToml(user + "65535\n").contains("reserved"));
    assertTrue(problemsOfToml(user + "0\n").contains("root's"));
  }

  @Test
  void repeatedAccountsAreRefused() {
    String group = "[[customizations.group]]\nname = \"g\"\n";
    assertEquals(
        "invalid group customizations:\nduplicate group name: g (line 3 column 1)",
        problemsOfToml(HEAD + group + group));
    String user = "[[customizations.user]]\nname = \"u\"\n";
    assertEquals(
        "customizations.user has more than one entry for 'u' (line 3 column 1)",
        problemsOfToml(HEAD + user + user));
  }

  @Test
  void everyFieldOfAGitRepositoryIsRequired() {
    assertEquals(
        "'repos.git' errors:\n1 is missing 'rpmversion', 'rpmrelease', 'summary', 'repo', 'ref',"
            + " 'destination' (line 3 column 1)",
        problemsOfToml(HEAD + "[[repos.git]]\nrpmname = \"x\"\n"));
  }
}
