package io.weldr.api.http;

import io.weldr.api.Stopwatch;
import io.weldr.api.blueprint.BlueprintBenchmark;
import io.weldr.api.blueprint.DiskSpeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures the blueprint routes over the socket, with everything fsynced: {@code
 * BlueprintRoutesBenchmark [DIRECTORY]}. Not a test; run it by hand on a quiet machine.
 */
public final class BlueprintRoutesBenchmark {
  private static final int BLUEPRINTS = 1_000;
  private static final int COMMITS = 1_000;
  private static final int TAGS = 300;
  private static final int CLIENTS = 64;

  /**
   * Posts to another repository beforehand: what is measured is a server that runs, not a start.
   */
  private static final int WARM_UP = 2_000;

  private final Path directory;
  private final RunningServer server;

  private BlueprintRoutesBenchmark(Path directory, RunningServer server) {
    this.directory = directory;
    this.server = server;
  }

  /**
   * Runs all measurements.
   *
   * @param arguments where to put the repository; a temporary directory when absent
   */
  public static void main(String[] arguments) throws Exception {
    Path directory =
        arguments.length > 0
            ? Files.createDirectories(Path.of(arguments[0]))
            : Files.createTempDirectory("blueprints");
    Path elsewhere = Files.createDirectories(directory.resolve("warm-up"));
    try (RunningServer server = RunningServer.in(elsewhere)) {
      new BlueprintRoutesBenchmark(elsewhere, server).warmUp();
    }
    try (RunningServer server = RunningServer.in(directory)) {
      BlueprintRoutesBenchmark benchmark = new BlueprintRoutesBenchmark(directory, server);
      benchmark.growing();
      benchmark.reading();
      benchmark.longHistory();
      benchmark.manyClients();
    }
    System.exit(0);
  }

  private void warmUp() throws Exception {
    measure("new, warm-up", WARM_UP, i -> save(i % 10));
    measure("info, warm-up", WARM_UP, i -> get("info/blueprint-" + i % 10));
  }

  private void growing() throws Exception {
    int have = 0;
    for (int size : new int[] {1, 10, 100, BLUEPRINTS}) {
      try (RawClient client = new RawClient(server.socket)) {
        for (; have < size; have++) {
          ask(client, save(have));
        }
      }
      fsync();
      int count = size;
      measure("new, " + size + " blueprints", 200, i -> save(i % count));
    }
  }

  private void reading() throws Exception {
    measure("list", 500, i -> get("list?limit=" + BLUEPRINTS));
    measure(
        "info of 10",
        1_000,
        i ->
            get(
                IntStream.range(0, 10)
                    .mapToObj(n -> "blueprint-" + (i * 10 + n) % BLUEPRINTS)
                    .collect(Collectors.joining(",", "info/", ""))));
  }

  private void longHistory() throws Exception {
    measure(COMMITS + " commits of one", COMMITS, i -> save(0));
    measure(COMMITS + " changes", 200, i -> get("changes/blueprint-0?limit=" + COMMITS));
    measure(
        "new and tag, " + TAGS + " times",
        2 * TAGS,
        i -> i % 2 == 0 ? save(0) : post("tag/blueprint-0", ""));
    measure("new with long history", 200, i -> save(0));
    measure("all changes", 100, i -> get("changes/blueprint-0?limit=" + 2 * COMMITS));
    measure("20 changes", 200, i -> get("changes/blueprint-0"));
    List<String> commits = commits();
    measure("diff", 200, i -> get("diff/blueprint-0/" + commits.get(i) + "/NEWEST"));
    measure("undo", 100, i -> post("undo/blueprint-0/" + commits.get(i), ""));
  }

  private List<String> commits() throws IOException {
    List<String> commits = new ArrayList<>();
    server
        .get("/api/v1/blueprints/changes/blueprint-0?limit=200")
        .json()
        .at("/blueprints/0/changes")
        .forEach(change -> commits.add(change.path("commit").asText()));
    return commits;
  }

  /** Every client posts at once, then the next, until all blueprints have a new version. */
  private void manyClients() throws Exception {
    fsync();
    for (int posts : new int[] {CLIENTS, BLUEPRINTS}) {
      int before = changes();
      long start = System.nanoTime();
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> running = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
          int first = c;
          running.add(clients.submit(() -> postEvery(first, posts)));
        }
        for (Future<?> client : running) {
          client.get();
        }
      }
      Stopwatch.print(CLIENTS + " clients, " + posts + " posts", Stopwatch.millisSince(start));
      if (changes() != before + posts) {
        throw new IllegalStateException("posts were lost");
      }
    }
  }

  private Void postEvery(int first, int posts) throws IOException {
    try (RawClient client = new RawClient(server.socket)) {
      for (int i = first; i < posts; i += CLIENTS) {
        ask(client, save(i));
      }
    }
    return null;
  }

  private int changes() throws IOException {
    int changes = 0;
    for (int i = 0; i < BLUEPRINTS; i++) {
      changes +=
          server
              .get("/api/v1/blueprints/changes/blueprint-" + i + "?limit=0")
              .json()
              .at("/blueprints/0/total")
              .asInt();
    }
    return changes;
  }

  @FunctionalInterface
  private interface Request {
    String text(int i);
  }

  private void measure(String what, int times, Request request) throws Exception {
    try (RawClient client = new RawClient(server.socket)) {
      Stopwatch.measure(what, times, i -> ask(client, request.text(i)));
    }
  }

  private static void ask(RawClient client, String request) throws IOException {
    client.send(request);
    client.skipReply();
  }

  private void fsync() throws IOException {
    Stopwatch.print("one fsync, p50", DiskSpeed.fsyncMillis(directory));
    Stopwatch.print("one new file, p50", DiskSpeed.newFileMillis(directory));
  }

  private static String get(String target) {
    return RawClient.request("GET", "/api/v1/blueprints/" + target);
  }

  private static String post(String target, String body) {
    return RawClient.request("POST", "/api/v1/blueprints/" + target, RunningServer.TOML, body);
  }

  private static String save(int i) {
    return post("new", BlueprintBenchmark.toml(i));
  }
}
