package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The power fails again and again in the middle of work; what the kernel had not written is lost.
 * Whatever was acknowledged is there afterwards: blueprints, sources, composes and deletions.
 */
@Tag("slow")
class PowerCutTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int CUTS = 6;

  private final Random random = new Random(3);
  private final Map<String, String> blueprints = new HashMap<>();
  private final Set<String> composes = new HashSet<>();
  private final Set<String> cancelled = new HashSet<>();
  private final Set<String> deleted = new HashSet<>();
  private final Map<String, JsonNode> finished = new HashMap<>();
  private RunningComposer composer;
  private String source = "Tiny packages";

  @Test
  void everythingAcknowledgedIsThereAfterThePowerFailed() throws Exception {
    Path top = Installation.privateDirectory("weldr-composer-test-");
    Path directory = Installation.privateDirectory("weldr-composer-tiny-");
    try (LosableDisk disk = new LosableDisk(top.resolve("disk.img"), top.resolve("lib"));
        TinyRepository repository = new TinyRepository(directory)) {
      composer = RunningComposer.prepared(top, repository.source(), "test_compose_seconds = 0");
      Command.must("sync", "-f", composer.lib());
      composer.started();
      boolean lost = false;
      for (int cut = 1; cut <= CUTS; cut++) {
        work(cut);
        Path unsynced = Files.writeString(composer.lib().resolve("unsynced-" + cut), "lost?");
        losePower(disk);
        lost |= !Files.exists(unsynced) || Files.size(unsynced) == 0;
        composer.started();
        assertAllThere();
      }
      assertTrue(lost, "this disk loses nothing, so nothing is shown");
      new ComposeSteps(composer).assertNothingLeft();
    } finally {
      composer.close();
    }
  }

  /** Changes of every kind, up to the very moment of the cut. */
  private void work(int cut) {
    Curl curl = composer.curl();
    for (int i = 0; i < 3; i++) {
      String name = "b" + random.nextInt(4);
      String text = "cut " + cut + ", change " + i;
      String toml = "name = \"%s\"\ndescription = \"%s\"\n".formatted(name, text);
      String packages = "[[packages]]\nname = \"tiny\"\n";
      assertDone(curl.postToml("/api/v1/blueprints/new", toml + packages));
      blueprints.put(name, text);
    }
    String blueprint = blueprints.keySet().iterator().next();
    String first = curl.compose(blueprint, "tar", "?test=2");
    finished.put(first, composer.awaitEnd(first, LONG));
    composes.add(first);
    if (cut % 2 == 0) {
      renameSource("Tiny packages " + cut);
      String old = finished.keySet().iterator().next();
      assertDone(curl.delete("/api/v1/compose/delete/" + old));
      finished.remove(old);
      composes.remove(old);
      deleted.add(old);
    }
    for (int i = 0; i < 1 + cut % 3; i++) {
      composes.add(curl.compose(blueprint, "tar", "?test=2"));
    }
    String last = curl.compose(blueprint, "tar", "?test=2");
    composes.add(last);
    if (cut % 2 == 1 && curl.delete("/api/v1/compose/cancel/" + last).status() == 200) {
      cancelled.add(last);
    }
  }

  private void renameSource(String name) {
    JsonNode known = composer.curl().get("/api/v1/projects/source/info/tiny").json();
    ObjectNode changed = known.at("/sources/tiny").deepCopy();
    changed.put("id", "tiny").put("name", name);
    assertDone(composer.curl().postJson("/api/v1/projects/source/new", changed.toString()));
    source = name;
  }

  private static void assertDone(Curl.Answer answer) {
    assertEquals(200, answer.status(), answer.body());
  }

  /** Nobody runs or writes while the disk is copied, and nobody of before lives after it. */
  private void losePower(LosableDisk disk) {
    long[] daemons = {composer.worker().pid(), composer.api().pid()};
    for (long pid : daemons) {
      Command.must("kill", "-STOP", Long.toString(pid));
    }
    for (String id : composes) {
      for (String cgroup : Leftovers.cgroups(id)) {
        Command.must(
            "sh",
            "-c",
            "[ ! -e \"$1/cgroup.kill\" ] || echo 1 > \"$1/cgroup.kill\"",
            "kill",
            cgroup);
        composer.await("its build ends", LONG, () -> Command.run("rmdir", cgroup).status() == 0);
      }
    }
    for (long pid : daemons) {
      Command.must("kill", "-9", Long.toString(pid));
    }
    RunningComposer.awaitExit(composer.worker());
    RunningComposer.awaitExit(composer.api());
    disk.losePower();
  }

  private void assertAllThere() throws IOException {
    Curl curl = composer.curl();
    for (Map.Entry<String, String> blueprint : blueprints.entrySet()) {
      JsonNode info = curl.get("/api/v1/blueprints/info/" + blueprint.getKey()).json();
      assertEquals(blueprint.getValue(), info.at("/blueprints/0/description").asText());
    }
    JsonNode known = curl.get("/api/v1/projects/source/info/tiny").json();
    assertEquals(source, known.at("/sources/tiny/name").asText(), known.toString());
    for (String id : composes) {
      JsonNode entry = composer.awaitEnd(id, LONG);
      String expected = cancelled.contains(id) ? "FAILED" : "FINISHED";
      assertEquals(expected, entry.path("queue_status").asText(), entry.toString());
      if (cancelled.contains(id)) {
        continue;
      }
      assertEquals("TEST IMAGE", Files.readString(composer.results(id).resolve("root.tar.xz")));
      assertTrue(composer.log(id).contains("Finished building"), composer.log(id));
      JsonNode before = finished.putIfAbsent(id, entry);
      if (before != null) {
        assertEquals(before.path("job_finished"), entry.path("job_finished"), "built again");
      }
    }
    for (String id : deleted) {
      assertTrue(curl.entry(id).isMissingNode(), id);
      assertFalse(Files.exists(composer.results(id)), id);
    }
  }
}
