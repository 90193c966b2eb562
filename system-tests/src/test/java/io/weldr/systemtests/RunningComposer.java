package io.weldr.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Both installed programs as real processes: build-worker as root, api-server started as root and
 * dropped to user weldr, with all their state below one private directory.
 */
final class RunningComposer implements AutoCloseable {
  private static final Set<String> ENDED = Set.of("FINISHED", "FAILED");

  private final Installation installation = Installation.shared();
  private final Path top;
  private final List<String> apiOptions;
  private boolean failpoints;
  private boolean heapProbes;
  private Optional<String> trust = Optional.empty();
  private Process worker;
  private Process api;

  private RunningComposer(Path top, List<String> workerSettings, List<String> apiOptions)
      throws IOException {
    this.top = top;
    this.apiOptions = new ArrayList<>(apiOptions);
    for (String name :
        List.of("run", "lib", "log", "cache", "cache/api", "lib/blueprints", "lib/sources")) {
      Files.createDirectories(top.resolve(name));
    }
    Command.must("chmod", "0755", top.resolve("run"), top.resolve("lib"), top.resolve("cache"));
    Command.must(
        "chown", "weldr:weldr", top.resolve("cache/api"), top.resolve("lib/blueprints"), sources());
    List<String> settings = new ArrayList<>(workerSettings);
    settings.add("share_dir = \"" + installation.share() + "\"");
    settings.add("lib_dir = \"" + lib() + "\"");
    settings.add("cache_dir = \"" + top.resolve("cache/worker") + "\"");
    settings.add("socket = \"" + workerSocket() + "\"");
    settings.add("audit_log = \"" + auditLog() + "\"");
    Files.write(top.resolve("build-worker.toml"), settings);
    Files.write(
        top.resolve("composer.conf"),
        List.of(
            "[composer]",
            "share_dir = " + installation.share(),
            "lib_dir = " + lib(),
            "cache_dir = " + top.resolve("cache/api"),
            "worker_socket = " + workerSocket()));
  }

  /** Starts both; {@code workerSettings} are lines of build-worker.toml, e.g. {@code slots = 2}. */
  static RunningComposer start(String... workerSettings) {
    return ofHost(workerSettings).started();
  }

  /** As {@link #start}, not started yet. */
  static RunningComposer ofHost(String... workerSettings) {
    try {
      return new RunningComposer(directory(), List.of(workerSettings), List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts both with one stored user source and none of the host's. */
  static RunningComposer withOnlySource(String source, String... workerSettings) {
    return prepared(directory(), source, workerSettings).started();
  }

  /** As {@link #withOnlySource}, for another distribution than the host's. */
  static RunningComposer forDistribution(String distro, String source, String... workerSettings) {
    return ofDistribution(distro, source, workerSettings).started();
  }

  /** As {@link #forDistribution}, not started yet. */
  static RunningComposer ofDistribution(String distro, String source, String... workerSettings) {
    List<String> settings = new ArrayList<>(List.of(workerSettings));
    settings.add("distro = \"" + distro + "\"");
    RunningComposer composer = prepared(directory(), source, settings.toArray(String[]::new));
    composer.apiOptions.addAll(List.of("--distro", distro));
    return composer;
  }

  /** As {@link #withOnlySource}, with failpoints that {@link #failpoints} gives. */
  static RunningComposer underFailpoints(String source, String... workerSettings) {
    RunningComposer composer = prepared(directory(), source, workerSettings);
    composer.failpoints = true;
    for (String process : List.of("worker", "job", "api")) {
      Command.must("mkdir", "-p", composer.failpoints(process).directory());
    }
    Command.must("chown", "weldr:weldr", composer.failpoints("api").directory());
    return composer.started();
  }

  /** Both in a directory of the caller's, not started, with one stored source. */
  static RunningComposer prepared(Path top, String source, String... workerSettings) {
    try {
      RunningComposer composer =
          new RunningComposer(top, List.of(workerSettings), List.of("--no-system-repos"));
      String id = new ObjectMapper().readTree(source).path("id").asText();
      Path stored = composer.sources().resolve(id + ".json");
      Files.writeString(stored, source);
      Command.must("chown", "weldr:weldr", stored);
      return composer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the data files of another directory than the installed one; before the start. */
  RunningComposer withShare(Path share) throws IOException {
    for (String name : List.of("build-worker.toml", "composer.conf")) {
      Path file = top.resolve(name);
      String installed = installation.share().toString();
      Files.writeString(file, Files.readString(file).replace(installed, share.toString()));
    }
    return this;
  }

  /** With these certificates in place of the JDK's; before the start. */
  RunningComposer trusting(Path store, String password) {
    trust =
        Optional.of(
            "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
                .formatted(store, password));
    return this;
  }

  /** With probes of the heaps that {@link #heap} asks; before the start. */
  RunningComposer withHeapProbes() throws IOException {
    heapProbes = true;
    HeapProbe.writeJar(top.resolve("probe.jar"));
    Files.createDirectories(heap("worker"));
    Files.createDirectories(heap("api"));
    Command.must("chown", "weldr:weldr", heap("api"));
    return this;
  }

  /** Where the probe of {@code worker} or {@code api} is asked. */
  Path heap(String process) {
    return top.resolve("heap").resolve(process);
  }

  private static Path directory() {
    return Installation.privateDirectory("weldr-composer-test-");
  }

  /** Those of {@code worker}, {@code job} or {@code api}. */
  Failpoints failpoints(String process) {
    return new Failpoints(top.resolve("failpoints").resolve(process));
  }

  RunningComposer started() {
    startWorker();
    startApi();
    return this;
  }

  /** Ends the worker and starts it with one more line in its configuration. */
  void restartWorkerWith(String setting) {
    kill(worker);
    try {
      Files.writeString(
          top.resolve("build-worker.toml"), setting + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    startWorker();
  }

  void startWorker() {
    worker =
        spawn(
            "build-worker",
            installation.program("build-worker"),
            "--config",
            top.resolve("build-worker.toml"));
  }

  /** Starts it in a mount namespace of its own, so that {@link #takeFromWorker} works. */
  void startWorkerWithOwnMounts() {
    worker =
        spawn(
            "build-worker",
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "--",
            installation.program("build-worker"),
            "--config",
            top.resolve("build-worker.toml"));
  }

  /** From now on the running worker and its builds find an empty file in place of a program. */
  void takeFromWorker(String program) {
    String mounts = "--mount=/proc/" + worker.pid() + "/ns/mnt";
    Command.must("nsenter", mounts, "mount", "--bind", "/dev/null", program);
  }

  /** Starts api-server and waits until it answers. */
  void startApi() {
    spawnApi();
    await("api-server answers", Duration.ofSeconds(60), this::answers);
  }

  /** Starts api-server. */
  void spawnApi() {
    List<Object> argv = new ArrayList<>();
    argv.addAll(List.of(installation.program("api-server"), "--socket", apiSocket()));
    argv.addAll(List.of("--config", top.resolve("composer.conf"), "--user", "weldr"));
    argv.addAll(List.of("--group", "weldr", "--log", top.resolve("log/composer.log")));
    argv.addAll(List.of("--tmp", top.resolve("cache/api")));
    argv.addAll(apiOptions);
    argv.add(lib().resolve("blueprints"));
    api = spawn("api-server", argv.toArray());
  }

  private boolean answers() {
    if (!api.isAlive()) {
      throw new AssertionError("api-server ended: " + output("api-server"));
    }
    return Files.exists(apiSocket()) && curl().get("/api/status").status() == 200;
  }

  private Process spawn(String name, Object... argv) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(List.of(argv).stream().map(Object::toString).toList());
      String process = name.equals("api-server") ? "api" : "worker";
      if (failpoints) {
        Path directory = failpoints(process).directory();
        builder.environment().put("JDK_JAVA_OPTIONS", "-Dio.weldr.failpoints=" + directory);
      }
      trust.ifPresent(options -> builder.environment().put("JDK_JAVA_OPTIONS", options));
      if (heapProbes) {
        String agent = "-javaagent:" + top.resolve("probe.jar") + "=" + heap(process);
        builder.environment().put("JDK_JAVA_OPTIONS", agent);
      }
      return builder
          .directory(Path.of("/").toFile())
          .redirectInput(Path.of("/dev/null").toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(outputFile(name).toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Process worker() {
    return worker;
  }

  Process api() {
    return api;
  }

  Installation installation() {
    return installation;
  }

  Path top() {
    return top;
  }

  Path lib() {
    return top.resolve("lib");
  }

  private Path sources() {
    return lib().resolve("sources");
  }

  Path results(String id) {
    return lib().resolve("results").resolve(id);
  }

  Path apiSocket() {
    return top.resolve("run/weldr/api.socket");
  }

  Path workerSocket() {
    return top.resolve("run/weldr-worker/worker.socket");
  }

  Path auditLog() {
    return top.resolve("log/worker-audit.log");
  }

  Curl curl() {
    return new Curl(apiSocket());
  }

  /** What a daemon printed so far. */
  String output(String name) {
    try {
      return Files.readString(outputFile(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path outputFile(String name) {
    return top.resolve("log").resolve(name + ".out");
  }

  /** Waits until a compose is FINISHED or FAILED; its entry. */
  JsonNode awaitEnd(String id, Duration limit) {
    JsonNode[] last = new JsonNode[1];
    await(
        "compose " + id + " ends",
        limit,
        () -> {
          last[0] = curl().entry(id);
          return ENDED.contains(last[0].path("queue_status").asText());
        });
    return last[0];
  }

  /** Waits for a condition that the processes bring about. */
  void await(String what, Duration limit, BooleanSupplier condition) {
    Instant end = Instant.now().plus(limit);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(
            "waited %s for: %s\nworker: %s\napi: %s"
                .formatted(limit, what, output("build-worker"), output("api-server")));
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** A job's process may outlive the end of its compose for a moment. */
  void awaitNothingLeft() {
    await("nothing is left", ComposeSteps.LONG, () -> Leftovers.of(this).isEmpty());
  }

  /** The log of a compose, for messages of failed assertions. */
  String log(String id) {
    try {
      return Files.readString(results(id).resolve("logs/combined.log"));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  static void kill(Process process) {
    process.destroyForcibly();
    awaitExit(process);
  }

  /**
   * Unlike {@link Process#onExit()} this needs no thread of the common pool, which may have one.
   */
  static void awaitExit(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Asks both to end and waits until they have. */
  void stop() {
    for (Process process : List.of(api, worker)) {
      process.destroy();
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          kill(process);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        kill(process);
      }
    }
  }

  @Override
  public void close() {
    stop();
    Command.run("rm", "-rf", "--", top);
  }
}
