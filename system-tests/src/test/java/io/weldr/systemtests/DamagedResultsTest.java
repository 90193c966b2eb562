package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Results that lose files while both programs run: clients are told, and can delete them. */
@Tag("slow")
class DamagedResultsTest extends FaultTest {
  @Test
  void damageShowsWithoutARestartAndNeverBreaksAList() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(steps.submitted());
    }
    ids.forEach(steps::awaitCleaned);
    Files.delete(file(ids.get(0), "root.tar.xz"));
    Command.must("rm", "-r", composer.results(ids.get(1)));
    Files.delete(file(ids.get(2), "frozen.toml"));
    Files.writeString(file(ids.get(3), "frozen.toml"), "");
    Command.must("chmod", "0000", file(ids.get(4), "COMMIT"));
    Command.must("mkdir", composer.results("foreign"));

    assertDamaged(ids.get(0), "its image root.tar.xz is missing");
    assertDamaged(ids.get(1), "its results directory is missing");
    assertDamaged(ids.get(2), "its frozen.toml is missing");
    assertDamaged(ids.get(3), "its frozen.toml is not what was stored");
    assertEquals("FINISHED", steps.state(ids.get(4)));
    assertEquals(400, composer.curl().get("/api/v1/compose/image/" + ids.get(0)).status());
    assertEquals("TEST IMAGE", composer.curl().get("/api/v1/compose/image/" + ids.get(2)).body());
    Curl.Answer metadata = composer.curl().get("/api/v1/compose/metadata/" + ids.get(4));
    assertEquals(400, metadata.status(), metadata.body());
    assertTrue(metadata.body().contains("Cannot read the results"), metadata.body());
    assertEquals(new TreeSet<>(ids.subList(0, 4)), failed());

    RunningComposer.kill(composer.worker());
    composer.startWorker();
    composer.await("the worker answers again", LONG, this::workerAnswers);
    assertDamaged(ids.get(1), "its results directory is missing");
    assertDamaged(ids.get(2), "its frozen.toml is missing");

    Curl.Answer deleted = steps.remove(String.join(",", ids));
    assertTrue(ComposeSteps.succeeded(deleted), deleted.body());
    assertEquals(5, deleted.json().path("uuids").size(), deleted.body());
    Command.must("rmdir", composer.results("foreign"));
    steps.assertNothingLeft();
  }

  private Path file(String id, String name) {
    return composer.results(id).resolve(name);
  }

  private void assertDamaged(String id, String reason) {
    composer.await(
        id + " is damaged",
        LONG,
        () -> {
          JsonNode entry = composer.curl().entry(id);
          return entry.path("queue_status").asText().equals("FAILED")
              && entry.at("/error/code").asText().equals("DAMAGED")
              && entry.at("/error/msg").asText().contains(reason)
              && entry.path("image_size").asLong() == 0
              && entry.path("blueprint").asText().equals("works");
        });
  }

  private Set<String> failed() {
    Set<String> ids = new TreeSet<>();
    JsonNode list = composer.curl().get("/api/v1/compose/failed").json().path("failed");
    list.forEach(entry -> ids.add(entry.path("id").asText()));
    return ids;
  }
}
