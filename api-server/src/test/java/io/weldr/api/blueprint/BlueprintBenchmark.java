package io.weldr.api.blueprint;

import io.weldr.api.Stopwatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Measures the blueprint repository with everything fsynced: {@code BlueprintBenchmark
 * [DIRECTORY]}. Not a test; run it by hand on a quiet machine and on the kind of disk that matters.
 */
public final class BlueprintBenchmark {
  private static final BranchName MASTER = BranchName.MASTER;
  private static final int BLUEPRINTS = 1_000;
  private static final int COMMITS = 1_000;
  private static final int TAGS = 300;
  private static final int CLIENTS = 64;

  private BlueprintRepository repository;

  private BlueprintBenchmark(BlueprintRepository repository) {
    this.repository = repository;
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
    BlueprintBenchmark benchmark = new BlueprintBenchmark(BlueprintRepository.open(directory));
    Stopwatch.print("one fsync, p50", DiskSpeed.fsyncMillis(directory));
    benchmark.growing();
    Stopwatch.print("one fsync, p50", DiskSpeed.fsyncMillis(directory));
    benchmark.reading();
    benchmark.longHistory();
    benchmark.manyClients();
    Stopwatch.print("one fsync, p50", DiskSpeed.fsyncMillis(directory));
    benchmark.reopening(directory);
  }

  private void growing() throws Exception {
    int have = 0;
    for (int size : new int[] {1, 10, 100, BLUEPRINTS}) {
      for (; have < size; have++) {
        repository.save(MASTER, BlueprintParser.fromToml(toml(have)));
      }
      int count = size;
      Stopwatch.measure(
          "new, " + size + " blueprints",
          200,
          i -> repository.save(MASTER, BlueprintParser.fromToml(toml(i % count))));
    }
  }

  private void reading() throws Exception {
    Stopwatch.measure("list of " + BLUEPRINTS, 500, i -> repository.list(MASTER));
    Stopwatch.measure(
        "info of 10",
        2_000,
        i -> {
          for (int n = 0; n < 10; n++) {
            BlueprintName name = BlueprintName.of("blueprint-" + (i * 10 + n) % BLUEPRINTS);
            BlueprintJson.tree(repository.newest(MASTER, name).orElseThrow().blueprint());
          }
        });
  }

  private void longHistory() throws Exception {
    BlueprintName name = BlueprintName.of("blueprint-0");
    List<String> commits = new ArrayList<>();
    Stopwatch.measure(
        COMMITS + " commits of one",
        COMMITS,
        i -> commits.add(repository.save(MASTER, BlueprintParser.fromToml(toml(0))).commitId()));
    Stopwatch.measure(
        TAGS + " commits with tag",
        TAGS,
        i -> {
          repository.save(MASTER, BlueprintParser.fromToml(toml(0)));
          repository.tag(MASTER, name);
        });
    Stopwatch.measure(
        "new with long history",
        200,
        i -> repository.save(MASTER, BlueprintParser.fromToml(toml(0))));
    Stopwatch.measure("undo", 200, i -> repository.undo(MASTER, name, commits.get(i)));
    repository.tag(MASTER, name);
    Stopwatch.measure("tag that exists", 200, i -> repository.tag(MASTER, name));
    Stopwatch.measure(
        "all changes", 200, i -> repository.changes(MASTER, name, 0, Integer.MAX_VALUE));
    Stopwatch.measure("20 changes", 200, i -> repository.changes(MASTER, name, 0, 20));
    Stopwatch.measure(
        "diff",
        200,
        i ->
            BlueprintDiff.between(
                repository.at(MASTER, name, commits.get(i)).blueprint(),
                repository.at(MASTER, name, "NEWEST").blueprint()));
  }

  private void manyClients() throws Exception {
    int before = versionsTotal();
    long start = System.nanoTime();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int c = 0; c < CLIENTS; c++) {
        int client = c;
        running.add(
            clients.submit(
                () ->
                    IntStream.range(0, BLUEPRINTS)
                        .filter(i -> i % CLIENTS == client)
                        .forEach(i -> repository.save(MASTER, BlueprintParser.fromToml(toml(i))))));
      }
      for (Future<?> client : running) {
        client.get();
      }
    }
    Stopwatch.print(CLIENTS + " clients, " + BLUEPRINTS + " posts", Stopwatch.millisSince(start));
    if (versionsTotal() != before + BLUEPRINTS) {
      throw new IllegalStateException("posts were lost");
    }
  }

  private int versionsTotal() {
    return repository.list(MASTER).stream()
        .mapToInt(
            name -> repository.changes(MASTER, BlueprintName.of(name), 0, 0).orElseThrow().total())
        .sum();
  }

  private void reopening(Path directory) throws IOException {
    long start = System.nanoTime();
    repository.close();
    Stopwatch.print("close", Stopwatch.millisSince(start));
    start = System.nanoTime();
    repository = BlueprintRepository.open(directory);
    Stopwatch.print("open", Stopwatch.millisSince(start));
    start = System.nanoTime();
    repository.list(MASTER).forEach(n -> repository.newest(MASTER, BlueprintName.of(n)));
    Stopwatch.print("first read of all", Stopwatch.millisSince(start));
    repository.close();
  }

  /** A blueprint of a common size. */
  public static String toml(int i) {
    return """
        name = "blueprint-%d"
        description = "A blueprint of a common size"

        [[packages]]
        name = "openssh-server"
        version = "*"

        [[packages]]
        name = "nginx"

        [[packages]]
        name = "rsync"
        version = "3.*"

        [customizations]
        hostname = "host-%d"

        [[customizations.user]]
        name = "admin"
        groups = ["sudo"]

        [customizations.services]
        enabled = ["ssh"]
        """
        .formatted(i, i);
  }
}
