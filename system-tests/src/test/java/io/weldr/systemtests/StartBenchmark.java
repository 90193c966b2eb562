package io.weldr.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long both installed programs take from their start at the same moment until api-server lists
 * all composes that are on disk: {@code StartBenchmark [COMPOSES [ROUNDS]]}. The composes are
 * copies of one that the programs made.
 */
public final class StartBenchmark {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Pattern SEQUENCE = Pattern.compile("\"sequence\":\\d+");

  private final RunningComposer composer;
  private final int count;

  private StartBenchmark(RunningComposer composer, int count) {
    this.composer = composer;
    this.count = count;
  }

  /** See the class. */
  public static void main(String... arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
    try (TinyRepository repository =
            new TinyRepository(Installation.privateDirectory("weldr-composer-tiny-"));
        RunningComposer composer =
            RunningComposer.withOnlySource(repository.source(), "test_compose_seconds = 0")) {
      StartBenchmark benchmark = new StartBenchmark(composer, count);
      benchmark.generate();
      List<Long> millis = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        millis.add(benchmark.start().toMillis());
        composer.stop();
      }
      Collections.sort(millis);
      System.out.printf(
          "%d composes listed %d ms after the start of both programs at best, %d ms p50, %d ms max%n",
          count, millis.getFirst(), millis.get(rounds / 2), millis.getLast());
    }
  }

  private void generate() throws IOException {
    ComposeSteps steps = ComposeSteps.of(composer);
    String model = steps.submitted();
    steps.awaitState("FINISHED", model);
    steps.awaitCleaned(model);
    composer.stop();
    for (int i = 2; i <= count; i++) {
      UUID id = UUID.randomUUID();
      for (String directory : List.of("jobs", "results")) {
        Path from = composer.lib().resolve(directory).resolve(model);
        copy(from, from.resolveSibling(id.toString()));
      }
      Path state = composer.lib().resolve("jobs").resolve(id + "/state.json");
      String json = Files.readString(state).replace(model, id.toString());
      Files.writeString(state, SEQUENCE.matcher(json).replaceFirst("\"sequence\":" + i));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(
            file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private Duration start() throws InterruptedException {
    long start = System.nanoTime();
    composer.startWorker();
    composer.spawnApi();
    while (listed() < count) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new AssertionError("only " + listed() + " are listed");
      }
      Thread.sleep(5);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static int occurrences(String part, String text) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  /** How many the list has; 0 while nobody answers. */
  private int listed() {
    try {
      String list = new LocalHttp(composer.apiSocket()).get("/api/v1/compose/status/*");
      return occurrences("\"queue_status\":\"FINISHED\"", list);
    } catch (IOException e) {
      return 0;
    }
  }
}
