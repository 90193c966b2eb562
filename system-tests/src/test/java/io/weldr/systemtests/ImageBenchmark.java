package io.weldr.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;

/**
 * A compose against the tools it is made of, called by hand, and of Debian against mkosi where it
 * is installed, for the same packages: {@code ImageBenchmark [ROUNDS [TYPE,… [PACKAGE…]]]}, where
 * types are tar and qcow2, made of Debian packages, and rpm-tar and rpm-qcow2, made of those of
 * {@link RpmDistribution}; packages are for the former. All have what they download already. Prints
 * the best of the rounds in seconds and in seconds of processor time, which a busy machine does not
 * change much, the ratios, and how much scratch space a compose takes at most, as a multiple of its
 * tree.
 */
public final class ImageBenchmark {
  private static final Duration LONG = Duration.ofMinutes(30);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final List<String> PACKAGES =
      List.of("openssh-server", "nginx-light", "linux-image-cloud-amd64");

  private static final String RPM = "rpm-";

  private static final List<String> RPM_PACKAGES = List.of("openssh-server", "nginx", "kernel");

  // Composes give way to other programs; here they are to be as strong as the tools.
  private static final String[] SETTINGS = {"slots = 1", "job_cpu_weight = 100"};

  /** Ticks of the kernel's clock per second, in /proc on every machine. */
  private static final double TICKS = 100;

  private final RunningComposer composer;
  private final Path directory;
  private final Optional<RpmDistribution> repository;

  private ImageBenchmark(
      RunningComposer composer, Path directory, Optional<RpmDistribution> repository) {
    this.composer = composer;
    this.directory = directory;
    this.repository = repository;
  }

  /** See the class. */
  public static void main(String... arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    String types = arguments.length > 1 ? arguments[1] : "tar,qcow2,rpm-tar,rpm-qcow2";
    List<String> packages =
        arguments.length > 2 ? List.of(arguments).subList(2, arguments.length) : PACKAGES;
    Path directory = Installation.privateDirectory("weldr-composer-bench-");
    try {
      for (String type : types.split(",")) {
        if (type.startsWith(RPM)) {
          compareRpm(type.substring(RPM.length()), directory, rounds);
        } else {
          try (RunningComposer composer = RunningComposer.start(SETTINGS)) {
            new ImageBenchmark(composer, directory, Optional.empty())
                .compare(type, packages, rounds);
          }
        }
      }
    } finally {
      Command.run("rm", "-rf", "--one-file-system", "--", directory);
    }
  }

  private static void compareRpm(String type, Path directory, int rounds) throws Exception {
    try (RpmDistribution rpm = RpmDistribution.start();
        RunningComposer composer =
            RunningComposer.forDistribution("fedora-42", rpm.source(), SETTINGS)) {
      Files.writeString(directory.resolve("key.asc"), rpm.key());
      new ImageBenchmark(composer, directory, Optional.of(rpm)).compare(type, RPM_PACKAGES, rounds);
    }
  }

  private static String blueprint(List<String> packages) {
    StringBuilder text = new StringBuilder("name = \"bench\"\ndescription = \"\"\n");
    packages.forEach(name -> text.append("[[packages]]\nname = \"%s\"\n".formatted(name)));
    return text.toString();
  }

  private void compare(String type, List<String> asked, int rounds) throws Exception {
    composer.curl().postToml("/api/v1/blueprints/new", blueprint(asked));
    String first = composer.curl().compose("bench", type, "");
    double scratch = scratchOf(first);
    List<String> packages = packages(first);
    List<String> contenders = contenders(type, packages);
    String title = repository.isPresent() ? RPM + type : type;
    Map<String, Spent> best = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      String[] id = new String[1];
      Spent compose =
          spent(
              composer.worker().pid(),
              () -> {
                id[0] = composer.curl().compose("bench", type, "");
                finished(id[0]);
              });
      best.merge("compose", compose, Spent::least);
      System.out.printf("%s: compose %s, %s%n", title, compose, stages(id[0]));
      for (String contender : contenders) {
        String[] steps = new String[1];
        Spent other =
            spent(ProcessHandle.current().pid(), () -> steps[0] = run(contender, type, packages));
        best.merge(contender, other, Spent::least);
        System.out.printf("%s: %s %s, %s%n", title, contender, other, steps[0]);
      }
    }
    for (String contender : contenders) {
      System.out.printf(
          "%s: compose %s, %s %s, ratio %s%n",
          title,
          best.get("compose"),
          contender,
          best.get(contender),
          best.get("compose").over(best.get(contender)));
    }
    System.out.printf("%s: scratch space %.2f x the tree%n", title, scratch);
  }

  /** Those that run here; also fills their caches. */
  private List<String> contenders(String type, List<String> packages) {
    if (repository.isPresent()) {
      run("bare-rpm", type, packages);
      return List.of("bare-rpm");
    }
    run("bare", type, packages);
    return mkosiRuns(type, packages) ? List.of("bare", "mkosi") : List.of("bare");
  }

  private boolean mkosiRuns(String type, List<String> packages) {
    if (Command.run("which", "mkosi").status() != 0) {
      return false;
    }
    try {
      run("mkosi", type, packages);
      return true;
    } catch (AssertionError e) {
      System.out.println("mkosi does not run here: " + e.getMessage());
      return false;
    }
  }

  /**
   * What a run took.
   *
   * @param wall seconds
   * @param processor seconds of all processors together
   */
  private record Spent(double wall, double processor) {
    Spent least(Spent other) {
      return new Spent(Math.min(wall, other.wall), Math.min(processor, other.processor));
    }

    String over(Spent other) {
      return String.format("%.2f (%.2f)", wall / other.wall, processor / other.processor);
    }

    @Override
    public String toString() {
      return String.format("%.1f s (processor %.1f s)", wall, processor);
    }
  }

  /** Of a run whose processes are children of a process, and waited for. */
  private static Spent spent(long parent, Runnable run) throws Exception {
    double before = childSeconds(parent);
    long start = System.nanoTime();
    run.run();
    double wall = (System.nanoTime() - start) / 1e9;
    while (childSeconds(parent) <= before) {
      // A job ends a moment after its image is there.
      Thread.sleep(50);
    }
    return new Spent(wall, childSeconds(parent) - before);
  }

  /** Processor time of the children that have ended, and of theirs; proc(5), cutime and cstime. */
  private static double childSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS;
  }

  private String run(String contender, String type, List<String> packages) {
    Path work = directory.resolve("work");
    List<Object> argv = new ArrayList<>();
    argv.addAll(List.of(Path.of("bin/" + contender + "-image"), type));
    argv.addAll(List.of(directory.resolve("archives-" + contender), work));
    repository.ifPresent(rpm -> argv.addAll(List.of(rpm.url(), directory.resolve("key.asc"))));
    argv.addAll(packages);
    String steps = Command.must(argv.toArray()).strip().replace("\n", " s, ");
    Command.must("rm", "-rf", "--one-file-system", "--", work);
    return steps + " s";
  }

  /** The most that a compose's work area holds at once; it is measured apart from the time. */
  private double scratchOf(String id) throws Exception {
    Path work = composer.lib().resolve("jobs").resolve(id).resolve("work");
    AtomicLong most = new AtomicLong();
    AtomicLong tree = new AtomicLong();
    AtomicBoolean ended = new AtomicBoolean();
    Thread watch =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!ended.get()) {
                    most.accumulateAndGet(kibibytes(work), Math::max);
                    tree.accumulateAndGet(kibibytes(work.resolve("tree")), Math::max);
                    LockSupport.parkNanos(PAUSE.toNanos());
                  }
                });
    finished(id);
    ended.set(true);
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
}
