package io.weldr.api.http;

import io.weldr.api.Stopwatch;
import io.weldr.proto.worker.v1.Compose;
import io.weldr.proto.worker.v1.StageTime;
import io.weldr.proto.worker.v1.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Measures the compose routes over the socket: {@code ComposeBenchmark [COUNT [DIRECTORY]]}, with
 * so many finished composes, by default 10,000, that a worker without disk tells of. Run it in
 * {@code api-server}, by hand on a quiet machine, with the options of the installed program.
 */
public final class ComposeBenchmark {
  private static final int ROUNDS = 300;
  private static final long CREATED_MS = 1_795_391_957_123L;

  private final ComposeServer server;
  private final int count;

  private ComposeBenchmark(ComposeServer server, int count) {
    this.server = server;
    this.count = count;
  }

  /** Runs all measurements. */
  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    Path directory =
        arguments.length > 1
            ? Files.createDirectories(Path.of(arguments[1]))
            : Files.createTempDirectory("composes");
    try (ComposeServer server = ComposeServer.in(directory)) {
      new ComposeBenchmark(server, count).measure();
    }
    System.exit(0);
  }

  private void measure() throws Exception {
    for (int i = 0; i < count; i++) {
      server.worker.put(compose(i));
    }
    server.awaitCompose(id(count - 1));
    server.restartWorker();
    long start = System.nanoTime();
    server.awaitWorker();
    Stopwatch.print(count + " composes told by the worker", Stopwatch.millisSince(start));
    each("compose/status/*", "/api/v1/compose/status/*");
    each("compose/finished", "/api/v1/compose/finished");
    each("compose/status/* of one type", "/api/v1/compose/status/*?type=none");
    each("compose/status/UUID", "/api/v1/compose/status/" + id(count / 2));
    each("compose/queue", "/api/v1/compose/queue");
    posts();
    Path status = Path.of("/proc/self/status");
    Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM") || line.startsWith("VmRSS"))
        .forEach(System.out::println);
  }

  private static String id(int number) {
    return new UUID(0x0a1b2c3d00004000L, 0x8000000000000000L + number).toString();
  }

  private static Compose compose(int number) {
    long created = CREATED_MS + number * 1000L;
    return Compose.newBuilder()
        .setComposeId(id(number))
        .setBlueprintName("http-server-" + number % 100)
        .setBlueprintVersion("0.0." + number % 50)
        .setOutputType("tar")
        .setState(State.STATE_FINISHED)
        .setCreatedMs(created)
        .setStartedMs(created + 100)
        .setFinishedMs(created + 200_000)
        .setImageName("root.tar.xz")
        .setImageSize(1L << 30)
        .addStages(StageTime.newBuilder().setStage("fetch").setMilliseconds(20_123))
        .addStages(StageTime.newBuilder().setStage("install").setMilliseconds(120_456))
        .addStages(StageTime.newBuilder().setStage("image").setMilliseconds(60_789))
        .build();
  }

  /** By a client that keeps nothing of the reply. */
  private void each(String what, String target) throws Exception {
    String request = RawClient.request("GET", target);
    try (RawClient client = new RawClient(server.socket)) {
      Stopwatch.measure(
          what,
          ROUNDS,
          round -> {
            client.send(request);
            client.skipReply();
          });
    }
  }

  /** Planned with a solver that knows the answer, queued by a worker that writes nothing. */
  private void posts() throws Exception {
    Stopwatch.measure("POST compose, without solver and disk", ROUNDS, i -> server.start("web"));
  }
}
