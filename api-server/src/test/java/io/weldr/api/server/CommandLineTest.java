package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  private static CommandLine parse(String... arguments) throws UsageException {
    return assertInstanceOf(CommandLine.Request.Run.class, CommandLine.parse(List.of(arguments)))
        .commandLine();
  }

  @Test
  void onlyBlueprintsIsRequired() throws UsageException {
    CommandLine line = parse("/srv/blueprints");
    assertEquals(Path.of("/srv/blueprints"), line.blueprints());
    assertEquals(Path.of("/run/weldr/api.socket"), line.socket());
    assertEquals("weldr", line.user());
    assertEquals("weldr", line.group());
    assertEquals(Path.of("/var/log/weldr-composer/composer.log"), line.log());
    assertEquals(Path.of("/etc/lorax/composer.conf"), line.configuration());
    assertFalse(line.configurationNamed());
    assertTrue(line.systemSources());
    assertEquals(Optional.empty(), line.shareDirectory());
    assertEquals(Path.of("/var/tmp"), line.temporaryDirectory());
  }

  @Test
  void optionsAreTakenInEveryForm() throws UsageException {
    CommandLine line =
        parse(
            "--socket",
            "/s",
            "--user=u",
            "--gro",
            "g",
            "/b",
            "-c",
            "/c.conf",
            "--no-system-repos",
            "--releasever=12",
            "--proxy",
            "http://p/",
            "--tmp",
            "/t",
            "--sharedir",
            "/share",
            "--mockfiles",
            "/m");
    assertEquals(Path.of("/s"), line.socket());
    assertEquals("u", line.user());
    assertEquals("g", line.group());
    assertEquals(Path.of("/c.conf"), line.configuration());
    assertTrue(line.configurationNamed());
    assertFalse(line.systemSources());
    assertEquals(Optional.of("12"), line.releasever());
    assertEquals(Optional.of("http://p/"), line.proxy());
    assertEquals(Path.of("/t"), line.temporaryDirectory());
    assertEquals(Optional.of(Path.of("/share")), line.shareDirectory());
    assertEquals(Path.of("/b"), line.blueprints());
    assertEquals(Path.of("/c"), parse("-c/c", "b").configuration());
  }

  @Test
  void argumentsMayComeFromFiles(@TempDir Path directory) throws Exception {
    Path inner = Files.writeString(directory.resolve("inner"), "--user\nsome one\n");
    Path outer = Files.writeString(directory.resolve("outer"), "@" + inner + "\n/b\n");
    CommandLine line = parse("@" + outer, "--group=g");
    assertEquals("some one", line.user());
    assertEquals(Path.of("/b"), line.blueprints());
    Path circle = directory.resolve("circle");
    Files.writeString(circle, "@" + circle + "\n");
    assertThrows(UsageException.class, () -> parse("@" + circle));
    assertThrows(UsageException.class, () -> parse("@" + directory.resolve("absent")));
  }

  @Test
  void whatFollowsTwoDashesIsNoOption() throws UsageException {
    assertEquals(Path.of("/-V"), parse("--", "/-V").blueprints());
  }

  @Test
  void versionAndHelpNeedNothingElse() throws UsageException {
    assertInstanceOf(
        CommandLine.Request.ShowVersion.class, CommandLine.parse(List.of("--user", "u", "-V")));
    assertInstanceOf(CommandLine.Request.ShowHelp.class, CommandLine.parse(List.of("-h")));
    assertTrue(CommandLine.help().contains("--no-system-repos"));
  }

  @ParameterizedTest
  @CsvSource({
    "'',the following arguments are required: BLUEPRINTS",
    "--user,argument --user: expected one argument",
    "--user --group g b,argument --user: expected one argument",
    "a b c,unrecognized arguments: b c",
    "--bogus b,unrecognized arguments: --bogus",
    "-x b,unrecognized arguments: -x",
    "--s x b,'ambiguous option: --s could match --socket, --sharedir'",
    "--no-system-repos=1 b,argument --no-system-repos: takes no value",
    "--socket= b,a path may not be empty",
  })
  void badUsageIsExplained(String arguments, String message) {
    List<String> words = arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
    UsageException e = assertThrows(UsageException.class, () -> CommandLine.parse(words));
    assertEquals(message, e.getMessage());
  }
}
