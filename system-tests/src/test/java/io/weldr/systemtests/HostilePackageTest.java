package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Packages whose scripts, run as root of the image, try to do harm: either the compose fails and
 * says why, or it ends and the harm is in the image alone. Scripts that never end are in {@link
 * LimitsTest}.
 */
class HostilePackageTest {
  private static final Duration LONG = Duration.ofMinutes(3);

  /** Links in the place of directories that the worker writes below, to one of the host. */
  private static final String LINK =
      "mv PATH /moved 2>/dev/null; rm -rf PATH 2>/dev/null; ln -sfn VICTIM PATH; exit 0";

  private static final Map<String, String> SCRIPTS =
      Map.ofEntries(
          Map.entry("link-etc", LINK.replace("PATH", "/etc")),
          Map.entry("link-boot", LINK.replace("PATH", "/boot")),
          Map.entry("link-dev", LINK.replace("PATH", "/dev")),
          Map.entry("link-var", LINK.replace("PATH", "/var")),
          Map.entry("fails", "echo no reason; exit 3"),
          Map.entry("dies", "kill -9 $$"),
          Map.entry("removes-shell", "rm -f /usr/bin/sh; exit 0"),
          Map.entry("leaves-daemon", "setsid sleep 10001 >/dev/null 2>&1 </dev/null & exit 0"),
          Map.entry("leaves-child", "sleep 10001 & exit 0"),
          Map.entry("looks-around", "ls /proc/1/root/var/tmp/*/victim && echo REACHED; exit 0"),
          Map.entry(
              "wants-network",
              "grep -v ' lo:' /proc/net/dev | grep -q ': ' && echo REACHED; exit 0"),
          Map.entry("reads-disk", reading("b 254 0")),
          Map.entry("reads-memory", reading("c 1 1")));

  private static Path directory;
  private static Path victim;
  private static TinyRepository repository;
  private static RunningComposer composer;

  private static String reading(String device) {
    return "mknod /device " + device + "; dd if=/device of=/x bs=1 count=1 && echo REACHED; exit 0";
  }

  @BeforeAll
  static void begin() throws IOException {
    directory = Installation.privateDirectory("weldr-composer-hostile-");
    victim = Files.createDirectory(directory.resolve("victim"));
    repository = new TinyRepository(directory.resolve("repository"));
    repository.carryPrograms();
    for (Map.Entry<String, String> script : SCRIPTS.entrySet()) {
      String text = script.getValue().replace("VICTIM", victim.toString());
      repository.script(script.getKey(), "#!/bin/sh\n" + text + "\n");
    }
    composer = RunningComposer.withOnlySource(repository.source(), "slots = 1");
  }

  @AfterAll
  static void end() {
    composer.close();
    repository.close();
    Command.run("rm", "-rf", "--one-file-system", "--", directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"link-etc", "link-boot", "link-dev", "link-var"})
  void aLinkOutOfTheImageLeadsNowhere(String name) throws IOException {
    composed(name);
    try (Stream<Path> left = Files.list(victim)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fails", "dies", "removes-shell"})
  void aScriptThatBreaksTheInstallationFailsTheComposeWithAReason(String name) {
    JsonNode entry = composed(name);
    assertEquals("FAILED", entry.path("queue_status").asText(), entry.toString());
  }

  /** What a script leaves running does not hold up the compose, nor outlive it. */
  @ParameterizedTest
  @ValueSource(strings = {"leaves-daemon", "leaves-child"})
  void aDaemonEndsWithTheCompose(String name) {
    JsonNode entry = composed(name);
    assertEquals("FINISHED", entry.path("queue_status").asText(), () -> entry + log(entry));
    String left = Command.run("pgrep", "-a", "-f", "^sleep 10001$").output();
    assertEquals("", left);
  }

  @ParameterizedTest
  @ValueSource(strings = {"looks-around", "wants-network", "reads-disk", "reads-memory"})
  void hostAndNetworkAreOutOfReach(String name) {
    JsonNode entry = composed(name);
    assertEquals("FINISHED", entry.path("queue_status").asText(), () -> entry + log(entry));
    assertFalse(log(entry).contains("REACHED"), () -> log(entry));
  }

  /** Finished, or failed with all that a person needs; and nothing is left of it. */
  private static JsonNode composed(String name) {
    String blueprint =
        """
        name = "NAME"
        description = ""
        [[packages]]
        name = "NAME"
        [customizations]
        hostname = "written-by-the-worker"
        """
            .replace("NAME", name);
    assertEquals(200, composer.curl().postToml("/api/v1/blueprints/new", blueprint).status());
    String id = composer.curl().compose(name, "tar", "");
    JsonNode entry = composer.awaitEnd(id, LONG);
    if (entry.path("queue_status").asText().equals("FAILED")) {
      JsonNode error = entry.path("error");
      for (String field : List.of("code", "stage", "msg", "hint")) {
        assertFalse(error.path(field).asText().isBlank(), error.toString());
      }
      assertNotEquals("INTERNAL", error.path("code").asText(), () -> error + log(entry));
    }
    composer.awaitNothingLeft();
    return entry;
  }

  private static String log(JsonNode entry) {
    return composer.log(entry.path("id").asText());
  }
}
