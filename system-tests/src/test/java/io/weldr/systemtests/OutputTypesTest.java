package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Output types are files: one is added by dropping two, and a broken one harms only itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutputTypesTest {
  private static final String TEMPLATE =
      """
      # A type that comes with no program: the tree in a file system with a name of its own.
      lang C.UTF-8
      %post --erroronfail
      # services is no command here
      services="written by the template"
      echo "$services" > /etc/made
      %end
      %packages --nocore
      """;

  private static final String DESCRIPTOR =
      """
      kind = "filesystem"
      image_name = "appliance.img"
      filesystem = "ext4"
      label = "appliance"
      tools = ["mkfs.ext4"]
      [arguments]
      make_fsimage = true
      """;

  private final Path share = Installation.privateDirectory("weldr-composer-share-");
  private RunningComposer composer;

  @BeforeAll
  void start() throws IOException {
    Command.must("cp", "-a", Installation.shared().share() + "/.", share);
    add("appliance", DESCRIPTOR);
    add("elsewhere", DESCRIPTOR + "[[broken");
    add("unmakeable", DESCRIPTOR.replace("ext4\"\nlabel", "ext3\"\nlabel"));
    add("toolless", DESCRIPTOR.replace("mkfs.ext4", "no-such-program"));
    composer =
        RunningComposer.prepared(
                Installation.privateDirectory("weldr-composer-test-"),
                TinyRepository.shared().source())
            .withShare(share)
            .started();
    String blueprint = "name = \"tiny\"\ndescription = \"\"\n[[packages]]\nname = \"tiny\"\n";
    assertEquals(200, composer.curl().postToml("/api/v1/blueprints/new", blueprint).status());
  }

  private void add(String name, String descriptor) throws IOException {
    Files.writeString(share.resolve("composer/" + name + ".ks"), TEMPLATE);
    Files.writeString(share.resolve("composer/" + name + ".toml"), descriptor);
  }

  @AfterAll
  void stop() {
    composer.close();
    Command.run("rm", "-rf", "--", share);
  }

  @Test
  void aTypeOfTwoFilesIsComposed() {
    String id = composer.curl().compose("tiny", "appliance", "");

    JsonNode entry = composer.awaitEnd(id, Duration.ofMinutes(3));

    assertEquals("FINISHED", entry.path("queue_status").asText(), () -> entry + composer.log(id));
    Path image = composer.results(id).resolve("appliance.img");
    assertEquals("appliance", Command.must("blkid", "-o", "value", "-s", "LABEL", image).strip());
    String made = Command.must("debugfs", "-R", "cat /etc/made", image).strip();
    assertTrue(made.endsWith("written by the template"), made);
    String config = Command.must("cat", composer.results(id).resolve("config.toml"));
    assertTrue(config.contains("make_fsimage = true"), config);
    assertTrue(config.contains("image_name = \"appliance.img\""), config);
  }

  @Test
  void typesThatCannotBeMadeAreToldWithTheReason() {
    Map<String, Boolean> types = new TreeMap<>();
    for (JsonNode type : composer.curl().get("/api/v1/compose/types").json().get("types")) {
      types.put(type.get("name").asText(), type.get("enabled").asBoolean());
    }
    assertEquals(15, types.size(), types::toString);
    assertTrue(types.get("appliance"));
    assertTrue(types.get("tar"));
    assertFalse(types.get("toolless"));

    String messages = composer.curl().get("/api/status").json().get("msgs").toString();
    assertTrue(
        messages.contains("Output type toolless is disabled: this host lacks no-such-program"),
        messages);
    assertTrue(messages.contains("Output type elsewhere is left out: "), messages);
    assertTrue(messages.contains("Output type unmakeable is left out: "), messages);
  }

  @Test
  void theyAreRefused() {
    assertTrue(refusal("toolless").contains("'toolless' is disabled: this host lacks"));
    assertTrue(refusal("elsewhere").startsWith("Invalid compose type (elsewhere), must be one of"));
  }

  private String refusal(String type) {
    Curl.Answer answer =
        composer
            .curl()
            .postJson(
                "/api/v1/compose",
                "{\"blueprint_name\": \"tiny\", \"compose_type\": \"%s\", \"branch\": \"master\"}"
                    .formatted(type));
    assertEquals(400, answer.status(), answer.body());
    return answer.error();
  }
}
