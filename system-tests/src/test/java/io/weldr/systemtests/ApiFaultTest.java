package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weldr.systemtests.Failpoints.Passage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * api-server is killed at the first and the last passage of every failpoint of its changes, while a
 * compose runs: what was acknowledged is there, and the compose hears nothing of it. A change that
 * the disk does not take is refused and changes nothing.
 */
@Tag("slow")
class ApiFaultTest extends FaultTest {
  private static final String CATALOGUE = "io.weldr.api.store.Failpoint";
  private static final int TRIES = 10;

  @Test
  void theApiServerIsKilledAtEveryPoint() {
    String running = steps.held();
    Set<String> passed = new HashSet<>();

    List<String> pushing = recorded(() -> push("first"));
    passed.addAll(pushing);
    String last = "first";
    for (Passage passage : Failpoints.firstAndLast(pushing)) {
      String text = passage.toString();
      boolean acknowledged = killingApi(passage, () -> push(text)).status() == 200;
      String found = description();
      assertTrue(found.equals(text) || (!acknowledged && found.equals(last)), found);
      last = found;
    }

    List<String> saving = recorded(() -> nameSource("first"));
    passed.addAll(saving);
    for (Passage passage : Failpoints.firstAndLast(saving)) {
      String before = sourceName();
      String name = passage.toString();
      boolean acknowledged = killingApi(passage, () -> nameSource(name)).status() == 200;
      String found = sourceName();
      assertTrue(found.equals(name) || (!acknowledged && found.equals(before)), found);
    }

    List<String> submitting = recorded(steps::submit);
    passed.addAll(submitting);
    Set<String> accepted = new TreeSet<>();
    for (Passage passage : Failpoints.firstAndLast(submitting)) {
      Curl.Answer answer = killingApi(passage, steps::submit);
      if (answer.status() == 200) {
        accepted.add(answer.json().get("build_id").asText());
      }
      steps.awaitListed(accepted);
    }

    passed.addAll(recorded(() -> addSource("other")));
    passed.addAll(recorded(() -> composer.curl().delete("/api/v1/projects/source/delete/other")));
    Set<String> never = Failpoints.catalogue(classPath(), CATALOGUE);
    never.removeAll(passed);
    assertEquals(Set.of(), never, "failpoints that nothing passes");

    job.clear();
    steps.awaitState("FINISHED", running);
    assertEquals(1, steps.starts(running), "the build went on");
    steps.onDisk().forEach(id -> steps.awaitState("FINISHED", id));
    steps.assertNothingLeft();
  }

  @Test
  void aChangeThatTheDiskDoesNotTakeIsRefusedAndChangesNothing() {
    // What a start finds in the journal is settled before the first answer, and then there is
    // peace.
    RunningComposer.kill(composer.api());
    composer.startApi();
    for (String point : List.of("FILE_BEFORE_SYNC", "BEFORE_RENAME")) {
      assertRefused(point, this::nameSource, this::sourceName);
      assertEquals(200, nameSource("after all").status(), point);
      assertEquals("after all", sourceName());
    }
    for (String point : List.of("BEFORE_OBJECTS", "FILE_BEFORE_SYNC", "BEFORE_REFERENCE")) {
      assertRefused(point, this::push, this::description);
      assertEquals(200, push("after all").status(), point);
      assertEquals("after all", description());
    }
  }

  /**
   * A change meets a full disk at the point. Earlier pushes are settled in the background and may
   * meet it first; that harms nobody, and it is tried again.
   */
  private void assertRefused(
      String point, Function<String, Curl.Answer> change, Supplier<String> found) {
    for (int tries = 0; tries < TRIES; tries++) {
      assertEquals(200, change.apply("before").status());
      api.failAt(new Passage(point, 1));
      Curl.Answer answer = change.apply("after");
      boolean accepted = answer.status() == 200;
      assertEquals(accepted ? "after" : "before", found.get(), point);
      if (!accepted) {
        assertTrue(answer.status() >= 400, point + ": " + answer);
        assertTrue(answer.error().contains("No space left on device"), point + ": " + answer);
        return;
      }
      api.clear();
    }
    fail(point + " is never met by the change");
  }

  private List<String> recorded(Supplier<Curl.Answer> action) {
    api.record();
    Curl.Answer answer = action.get();
    assertEquals(200, answer.status(), answer.body());
    return api.recorded();
  }

  private Curl.Answer push(String description) {
    String toml = "name = \"changing\"\ndescription = \"%s\"\n".formatted(description);
    return composer.curl().postToml("/api/v1/blueprints/new", toml);
  }

  private String description() {
    Curl.Answer info = composer.curl().get("/api/v1/blueprints/info/changing");
    return info.json().at("/blueprints/0/description").asText();
  }

  private JsonNode source() {
    return composer.curl().get("/api/v1/projects/source/info/tiny").json().at("/sources/tiny");
  }

  private String sourceName() {
    return source().path("name").asText();
  }

  private Curl.Answer nameSource(String name) {
    return saveSource("tiny", name, source().path("url").asText());
  }

  private Curl.Answer addSource(String id) {
    return saveSource(id, id, source().path("url").asText().replace("127.0.0.1", "localhost"));
  }

  private Curl.Answer saveSource(String id, String name, String url) {
    ObjectNode changed = source().deepCopy();
    changed.put("id", id).put("name", name).put("url", url);
    return composer.curl().postJson("/api/v1/projects/source/new", changed.toString());
  }

  private java.nio.file.Path classPath() {
    return composer.installation().classPath("api-server");
  }
}
