package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that do everything at random until they are stopped. */
final class SoakLoad {
  private static final int MOST_COMPOSES = 40;

  private final RunningComposer composer;
  private final List<Thread> clients = new ArrayList<>();
  private final Set<String> composes = ConcurrentHashMap.newKeySet();
  private final Map<String, String> blueprints = new ConcurrentHashMap<>();
  private final Map<String, String> unsure = new ConcurrentHashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger servedInARow = new AtomicInteger();
  private volatile String lastFailure = "";
  private volatile boolean stopped;

  private SoakLoad(RunningComposer composer) {
    this.composer = composer;
  }

  static SoakLoad start(RunningComposer composer, int clients) {
    SoakLoad load = new SoakLoad(composer);
    for (int i = 0; i < clients; i++) {
      String name = "client" + i;
      Random random = new Random(i);
      load.clients.add(
          Thread.ofPlatform().daemon().name(name).start(() -> load.work(name, random)));
    }
    return load;
  }

  private void work(String name, Random random) {
    while (!stopped) {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> submit(random);
        case 3 -> on(random, id -> composer.curl().delete("/api/v1/compose/cancel/" + id));
        case 4, 5 -> delete(random);
        case 6 -> download(random);
        case 7 -> push(name + "-" + random.nextInt(3), "text " + random.nextInt());
        case 8 -> served(composer.curl().get("/api/v1/compose/status/*"));
        default -> served(composer.curl().get("/api/v1/blueprints/list"));
      }
    }
  }

  private void submit(Random random) {
    if (composes.size() >= MOST_COMPOSES) {
      delete(random);
      return;
    }
    String mode = random.nextInt(4) == 0 ? "1" : "2";
    String request = "{\"blueprint_name\":\"works\",\"compose_type\":\"tar\"}";
    Curl.Answer answer = composer.curl().postJson("/api/v1/compose?test=" + mode, request);
    served(answer);
    if (answer.status() == 200) {
      composes.add(answer.json().get("build_id").asText());
      accepted.incrementAndGet();
    }
  }

  private interface Request {
    Curl.Answer on(String id);
  }

  private void on(Random random, Request request) {
    List<String> ids = List.copyOf(composes);
    if (!ids.isEmpty()) {
      served(request.on(ids.get(random.nextInt(ids.size()))));
    }
  }

  /**
   * One that may still run is refused, and a killed daemon answers nothing: a compose counts until
   * the server says that it is gone, so the number of those that wait is bounded.
   */
  private void delete(Random random) {
    on(
        random,
        id -> {
          Curl.Answer answer = composer.curl().delete("/api/v1/compose/delete/" + id);
          boolean deleted = answer.status() == 200 && answer.body().contains("\"status\":true");
          if (deleted || answer.body().contains("UnknownUUID")) {
            composes.remove(id);
          }
          return answer;
        });
  }

  private void download(Random random) {
    String what = List.of("image", "logs", "metadata", "results", "log").get(random.nextInt(5));
    on(
        random,
        id -> {
          String path = "/api/v1/compose/" + what + "/" + id;
          return composer.curl().ask(path, "-o", "/dev/null");
        });
  }

  private void push(String name, String text) {
    unsure.put(name, text);
    String toml = "name = \"%s\"\ndescription = \"%s\"\n".formatted(name, text);
    Curl.Answer answer = composer.curl().postToml("/api/v1/blueprints/new", toml);
    served(answer);
    if (answer.status() == 200) {
      blueprints.put(name, text);
      unsure.remove(name);
    }
  }

  /** Refusals are answers; what counts as a failure is none, and a fault of the server's. */
  private void served(Curl.Answer answer) {
    requests.incrementAndGet();
    boolean away = answer.body().contains("build worker");
    if (answer.status() == 0 || answer.status() >= 500 || away) {
      failures.incrementAndGet();
      servedInARow.set(0);
      lastFailure = answer.toString();
    } else {
      servedInARow.incrementAndGet();
    }
  }

  boolean allServed(int count) {
    return servedInARow.get() >= count;
  }

  int failures() {
    return failures.get();
  }

  String lastFailure() {
    return lastFailure;
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread client : clients) {
      client.join();
    }
  }

  /** Composes that were accepted and not deleted. */
  Set<String> kept() {
    return Set.copyOf(composes);
  }

  /** Each has the text that was acknowledged last, or one whose answer was lost. */
  void assertBlueprints() {
    for (Map.Entry<String, String> pushed : blueprints.entrySet()) {
      String found =
          composer
              .curl()
              .get("/api/v1/blueprints/info/" + pushed.getKey())
              .json()
              .at("/blueprints/0/description")
              .asText();
      if (!found.equals(unsure.get(pushed.getKey()))) {
        assertEquals(pushed.getValue(), found, pushed.getKey());
      }
    }
  }

  @Override
  public String toString() {
    return "%d requests, %d composes accepted, %d requests not served while something was killed"
        .formatted(requests.get(), accepted.get(), failures.get());
  }
}
