package io.weldr.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;

/**
 * A compose against the bare tools for the same packages, in one go: {@code ImageBenchmark
 * [ROUNDS]}. Both have what they download already. Prints the best of the rounds, their ratio, and
 * how much scratch space a compose takes at most, as a multiple of its tree.
 */
public final class ImageBenchmark {
  private static final Duration LONG = Duration.ofMinutes(30);

  private static final String BLUEPRINT =
      """
      name = "bench"
      description = ""
      [[packages]]
      name = "openssh-server"
      [[packages]]
      name = "nginx-light"
      [[packages]]
      name = "linux-image-cloud-amd64"
      """;

  private final RunningComposer composer;
  private final Path directory;

  private ImageBenchmark(RunningComposer composer, Path directory) {
    this.composer = composer;
    this.directory = directory;
  }

  /** See the class. */
  public static void main(String... arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    Path directory = Installation.privateDirectory("weldr-composer-bench-");
    try (RunningComposer composer = RunningComposer.start("slots = 1")) {
      composer.curl().postToml("/api/v1/blueprints/new", BLUEPRINT);
      ImageBenchmark benchmark = new ImageBenchmark(composer, directory);
      for (String type : List.of("tar", "qcow2")) {
        benchmark.compare(type, rounds);
      }
    } finally {
      Command.run("rm", "-rf", "--one-file-system", "--", directory);
    }
  }

  private void compare(String type, int rounds) throws Exception {
    double scratch = scratchOf(type);
    List<String> packages = packages(composer.curl().compose("bench", type, ""));
    bare(type, packages);
    double ours = Double.MAX_VALUE;
    double bare = Double.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      String id = composer.curl().compose("bench", type, "");
      finished(id);
      double seconds = secondsSince(start);
      ours = Math.min(ours, seconds);
      System.out.printf("%s: compose %.1f s, %s%n", type, seconds, stages(id));
      start = System.nanoTime();
      String steps = bare(type, packages);
      seconds = secondsSince(start);
      bare = Math.min(bare, seconds);
      System.out.printf("%s: bare tools %.1f s, %s%n", type, seconds, steps);
    }
    System.out.printf(
        "%s: compose %.1f s, bare tools %.1f s, ratio %.2f; scratch space %.2f x the tree%n",
        type, ours, bare, ours / bare, scratch);
  }

  private String bare(String type, List<String> packages) {
    Path work = directory.resolve("work");
    List<Object> argv = new ArrayList<>();
    argv.addAll(List.of(Path.of("bin/bare-image"), type, directory.resolve("archives"), work));
    argv.addAll(packages);
    String steps = Command.must(argv.toArray()).strip().replace("\n", " s, ");
    Command.must("rm", "-rf", "--one-file-system", "--", work);
    return steps + " s";
  }

  /** The most that a compose's work area holds at once; it is measured apart from the time. */
  private double scratchOf(String type) throws Exception {
    String id = composer.curl().compose("bench", type, "");
    Path work = composer.lib().resolve("jobs").resolve(id).resolve("work");
    AtomicLong most = new AtomicLong();
    AtomicLong tree = new AtomicLong();
    Thread watch =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!Thread.interrupted()) {
                    most.accumulateAndGet(kibibytes(work), Math::max);
                    tree.accumulateAndGet(kibibytes(work.resolve("tree")), Math::max);
                  }
                });
    finished(id);
    watch.interrupt();
    watch.join();
    return (double) most.get() / tree.get();
  }

  private static long kibibytes(Path directory) {
    String text = Command.run("du", "-skx", directory).output();
    return text.lines()
        .filter(line -> line.matches("[0-9]+\t.*"))
        .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf('\t'))))
        .findFirst()
        .orElse(0);
  }

  private List<String> packages(String id) {
    finished(id);
    JsonNode packages =
        composer.curl().get("/api/v1/compose/info/" + id).json().at("/deps/packages");
    return StreamSupport.stream(packages.spliterator(), false)
        .map(each -> each.get("name").asText())
        .sorted()
        .toList();
  }

  private void finished(String id) {
    JsonNode entry = composer.awaitEnd(id, LONG);
    if (!entry.path("queue_status").asText().equals("FINISHED")) {
      throw new AssertionError(entry + composer.log(id));
    }
  }

  private String stages(String id) {
    try {
      return Files.readString(composer.results(id).resolve("times.toml"))
          .replace("\n", " ")
          .strip();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
