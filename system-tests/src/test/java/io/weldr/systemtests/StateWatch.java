package io.weldr.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Looks at all composes all the time, and remembers every change that may not happen. */
final class StateWatch implements AutoCloseable {
  private static final Map<String, Set<String>> NEXT =
      Map.of(
          "WAITING", Set.of("WAITING", "RUNNING", "FINISHED", "FAILED"),
          "RUNNING", Set.of("RUNNING", "FINISHED", "FAILED"),
          "FINISHED", Set.of("FINISHED"),
          "FAILED", Set.of("FAILED"));

  private final RunningComposer composer;
  private final Map<String, JsonNode> last = new ConcurrentHashMap<>();
  private final List<String> illegal = new ArrayList<>();
  private final Thread thread;

  private StateWatch(RunningComposer composer) {
    this.composer = composer;
    this.thread = Thread.ofPlatform().daemon().name("state-watch").start(this::run);
  }

  static StateWatch of(RunningComposer composer) {
    return new StateWatch(composer);
  }

  private void run() {
    try {
      look();
    } catch (RuntimeException | Error e) {
      // Whatever it is must not end the watch unseen.
      found("the watch ended: " + e);
      throw e;
    }
  }

  private void look() {
    while (!Thread.currentThread().isInterrupted()) {
      Curl.Answer answer = composer.curl().get("/api/v1/compose/status/*");
      if (answer.status() == 200) {
        answer.json().path("uuids").forEach(this::look);
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void look(JsonNode entry) {
    JsonNode before = last.put(entry.path("id").asText(), entry);
    if (before == null) {
      return;
    }
    String from = before.path("queue_status").asText();
    String to = entry.path("queue_status").asText();
    if (!NEXT.getOrDefault(from, Set.of()).contains(to)) {
      found("from " + before + " to " + entry);
    }
    boolean ended = NEXT.getOrDefault(from, Set.of()).size() == 1;
    if (ended && !before.path("job_finished").equals(entry.path("job_finished"))) {
      found("ended twice: " + before + " and " + entry);
    }
  }

  private synchronized void found(String what) {
    illegal.add(what);
  }

  synchronized void assertLegal() {
    if (!illegal.isEmpty()) {
      throw new AssertionError(String.join("\n", illegal));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
