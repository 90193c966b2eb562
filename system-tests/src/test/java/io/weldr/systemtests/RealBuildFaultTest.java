package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.systemtests.Failpoints.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real composes of a few packages whose build is killed with signal 9 in every stage, alone or
 * together with one of the daemons: each runs once more and ends with a whole image. Daemons that
 * are killed alone disturb no build.
 */
@Tag("slow")
class RealBuildFaultTest extends FaultTest {
  private static final Set<String> STAGES =
      Set.of("fetch", "install", "configure", "image", "publish");

  private static final Set<String> EVENTS = Set.of("BEFORE_EVENT", "EVENT_WRITTEN", "EVENT_SYNCED");
  private static final String PROGRAM = "BEFORE_PROGRAM";

  /** Passed only by a build that finds no package in the cache. */
  private static final List<String> DOWNLOADING = List.of("BEFORE_CACHED", "CACHED");

  /** What dies at a passage of the build. */
  private enum Victims {
    BUILD,
    BUILD_AND_WORKER,
    BUILD_AND_API
  }

  @Test
  void aBuildThatIsKilledAnywhereRunsOnceMoreAndLeavesNothing() throws IOException {
    Set<String> stages = new TreeSet<>();
    int turn = 0;
    for (Passage passage : passages()) {
      String id = pausedAt(passage);
      stages.add(stage(id));
      kill(Victims.values()[turn % Victims.values().length], id);
      turn++;
      assertWholeImage(id);
      assertTrue(steps.starts(id) <= 2, () -> composer.log(id));
      steps.awaitGone(id);
    }
    assertEquals("", Command.must("find", cache(), "-name", ".*"), "half of a package is left");
    stages.remove("");
    assertEquals(STAGES, stages, "stages in which a build was killed");
    assertNothingLeft();
  }

  @Test
  void daemonsThatAreKilledDisturbNoBuild() throws IOException {
    String id = pausedAt(new Passage("PROGRAM_STARTED", 1));
    RunningComposer.kill(composer.worker());
    RunningComposer.kill(composer.api());
    composer.startWorker();
    composer.startApi();
    steps.awaitState("RUNNING", id);
    job.clear();
    assertWholeImage(id);
    assertEquals(1, steps.starts(id), () -> composer.log(id));
    assertNothingLeft();
  }

  /**
   * The first program of each stage, and the last passage of each point; the first of those that
   * events pass, whose number differs from build to build.
   */
  private Set<Passage> passages() throws IOException {
    // With its packages and their base in the cache every build runs the same programs.
    finishedReal();
    job.record();
    String whole = finishedReal();
    List<String> life = job.recorded();
    Set<Passage> passages = new LinkedHashSet<>(firstPrograms(life, events(whole)));
    for (String point : new LinkedHashSet<>(life)) {
      passages.add(new Passage(point, EVENTS.contains(point) ? 1 : count(life, point)));
    }
    DOWNLOADING.forEach(point -> passages.add(new Passage(point, 1)));
    return passages;
  }

  private String finishedReal() {
    String id = steps.submittedReal();
    steps.awaitState("FINISHED", id);
    steps.awaitCleaned(id);
    return id;
  }

  private static List<Passage> firstPrograms(List<String> life, List<JsonNode> events) {
    List<Passage> first = new ArrayList<>();
    for (int i = 0; i < life.size(); i++) {
      List<String> before = life.subList(0, i + 1);
      if (life.get(i).equals("EVENT_WRITTEN")
          && kind(events.get(count(before, "EVENT_WRITTEN") - 1)).equals("stage-started")
          && life.subList(i, life.size()).contains(PROGRAM)) {
        first.add(new Passage(PROGRAM, count(before, PROGRAM) + 1));
      }
    }
    return first;
  }

  private Path cache() {
    return composer.top().resolve("cache/worker");
  }

  private static int count(List<String> life, String point) {
    return Collections.frequency(life, point);
  }

  private String pausedAt(Passage passage) {
    if (DOWNLOADING.contains(passage.point())) {
      Command.must("find", cache(), "-mindepth", "1", "-delete");
    }
    job.clear();
    job.pauseAt(passage);
    String id = steps.submittedReal();
    composer.await(passage + " is reached", LONG, () -> job.reached(passage.point()));
    return id;
  }

  private void kill(Victims victims, String id) {
    if (victims == Victims.BUILD_AND_WORKER) {
      RunningComposer.kill(composer.worker());
    }
    if (victims == Victims.BUILD_AND_API) {
      RunningComposer.kill(composer.api());
    }
    steps.killJob(id);
    job.clear();
    long before = System.nanoTime();
    if (victims == Victims.BUILD_AND_WORKER) {
      composer.startWorker();
    }
    if (victims == Victims.BUILD_AND_API) {
      composer.startApi();
    }
    composer.await(
        "it runs again or has ended",
        LONG,
        () -> steps.starts(id) == 2 || steps.state(id).equals("FINISHED"));
    recovered(before);
  }

  /** The stage a build was in, by its own events; empty before the first. */
  private String stage(String id) throws IOException {
    return events(id).stream()
        .filter(event -> kind(event).equals("stage-started"))
        .map(event -> event.path("stage").asText())
        .reduce("", (earlier, later) -> later);
  }

  private List<JsonNode> events(String id) throws IOException {
    Path file = composer.lib().resolve("jobs").resolve(id).resolve("events.jsonl");
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(Curl::parsed).toList()
        : List.of();
  }

  private static String kind(JsonNode event) {
    return event.path("event").asText();
  }

  private void assertWholeImage(String id) throws IOException {
    steps.awaitState("FINISHED", id);
    steps.awaitCleaned(id);
    JsonNode record =
        Curl.parsed(
            Files.readString(composer.lib().resolve("jobs").resolve(id).resolve("state.json")));
    String sum = Command.must("sha256sum", composer.results(id).resolve("root.tar.xz"));
    assertEquals(record.at("/image/sha256").asText(), sum.substring(0, 64));
    Command.must("tar", "-tJf", composer.results(id).resolve("root.tar.xz"));
  }
}
