package io.weldr.worker.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One run of an external program.
 *
 * <pre>{@code
 * Subprocess.of("/usr/bin/xz", "-T0", "--", file).timeout(Duration.ofMinutes(5)).check();
 * }</pre>
 *
 * <p>Security: the program is named by an absolute path and started without a shell; its
 * environment is PATH, LANG and HOME and what {@link #environment} adds, never the worker's own;
 * stdin is empty or the given bytes; the working directory is /. Callers put {@code --} before
 * operands that come from data.
 */
public final class Subprocess {
  /** The PATH of every program started. */
  public static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

  private static final Duration AFTER_EXIT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final List<String> argv;
  private final Map<String, String> environment;
  private final Optional<byte[]> stdin;
  private final Duration timeout;
  private final Consumer<String> output;
  private final Optional<Consumer<String>> errors;
  private final Optional<Path> outputFile;
  private final int longestLine;

  private Subprocess(
      List<String> argv,
      Map<String, String> environment,
      Optional<byte[]> stdin,
      Duration timeout,
      Consumer<String> output,
      Optional<Consumer<String>> errors,
      Optional<Path> outputFile,
      int longestLine) {
    this.argv = argv;
    this.environment = environment;
    this.stdin = stdin;
    this.timeout = timeout;
    this.output = output;
    this.errors = errors;
    this.outputFile = outputFile;
    this.longestLine = longestLine;
  }

  /** As {@link #of(List)}. */
  public static Subprocess of(String... argv) {
    return of(List.of(argv));
  }

  /**
   * A run of the program with these arguments; nothing is started yet.
   *
   * @throws IllegalArgumentException when the program is not an absolute path or an argument has a
   *     NUL
   */
  public static Subprocess of(List<String> argv) {
    if (argv.isEmpty() || !argv.getFirst().startsWith("/")) {
      throw new IllegalArgumentException("a program needs an absolute path: " + argv);
    }
    if (argv.stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("an argument of " + argv.getFirst() + " contains a NUL");
    }
    return new Subprocess(
        List.copyOf(argv),
        Map.of("PATH", PATH, "LANG", "C.UTF-8", "HOME", "/nonexistent"),
        Optional.empty(),
        Duration.ofHours(2),
        line -> {},
        Optional.empty(),
        Optional.empty(),
        LineReader.LONGEST);
  }

  /** Adds or replaces one variable. */
  public Subprocess environment(String name, String value) {
    Map<String, String> changed = new TreeMap<>(environment);
    changed.put(name, value);
    return new Subprocess(argv, changed, stdin, timeout, output, errors, outputFile, longestLine);
  }

  /** What the program reads; without it stdin is empty. */
  public Subprocess stdin(byte[] content) {
    var bytes = Optional.of(content.clone());
    return new Subprocess(
        argv, environment, bytes, timeout, output, errors, outputFile, longestLine);
  }

  /** How long it may run before it is killed with all its descendants; two hours by default. */
  public Subprocess timeout(Duration limit) {
    return new Subprocess(argv, environment, stdin, limit, output, errors, outputFile, longestLine);
  }

  /**
   * Called with each line of stdout, and of stderr unless {@link #errors} is set. Lines are cut at
   * {@value LineReader#LONGEST} characters, or those of {@link #longestLine}; wrong UTF-8 is
   * replaced.
   */
  public Subprocess output(Consumer<String> lines) {
    return new Subprocess(
        argv, environment, stdin, timeout, lines, errors, outputFile, longestLine);
  }

  /** How long a line of output may be before it is cut. */
  public Subprocess longestLine(int characters) {
    return new Subprocess(
        argv, environment, stdin, timeout, output, errors, outputFile, characters);
  }

  /** Called with each line of stderr, which is otherwise one stream with stdout. */
  public Subprocess errors(Consumer<String> lines) {
    return new Subprocess(
        argv, environment, stdin, timeout, output, Optional.of(lines), outputFile, longestLine);
  }

  /** Sends stdout to a file, made or truncated; stderr then goes to {@link #output}. */
  public Subprocess outputTo(Path file) {
    return new Subprocess(
        argv, environment, stdin, timeout, output, errors, Optional.of(file), longestLine);
  }

  /** The command as a line that can be pasted into a shell. */
  public String commandLine() {
    return ShellLine.of(argv);
  }

  /**
   * Runs and waits.
   *
   * @throws SubprocessException when the exit status is not 0, or what {@link #run} throws
   */
  public Result check() throws SubprocessException, InterruptedException {
    Result result = run();
    if (result.exitStatus() != 0) {
      throw new SubprocessException(
          commandLine(), "ended with exit status " + result.exitStatus(), result.lastLines());
    }
    return result;
  }

  /**
   * Runs and waits. On interruption the program and its descendants are killed.
   *
   * @throws SubprocessException when the program cannot be started or runs into the time limit
   */
  public Result run() throws SubprocessException, InterruptedException {
    return run(() -> false, Duration.ZERO);
  }

  /**
   * As {@link #run()}, and ends the program as soon as it is not needed any more: SIGTERM to what
   * it runs itself, else to the program (unshare and its like pass no signal on and block this
   * one), then SIGKILL to all of it.
   *
   * @param enough asked several times a second
   * @param grace between the two signals
   */
  public Result run(BooleanSupplier enough, Duration grace)
      throws SubprocessException, InterruptedException {
    Process process = start();
    LastLines last = new LastLines();
    Thread out = read(process.getInputStream(), last.then(output));
    Thread err = read(process.getErrorStream(), last.then(errors.orElse(output)));
    Thread in = feed(process);
    try {
      if (!ended(process, enough, grace)) {
        throw new SubprocessException(
            commandLine(), "did not end within " + timeout.toSeconds() + " s", last.lines());
      }
      // A descendant that outlives the program may hold the pipes: do not wait for it for ever.
      out.join(AFTER_EXIT);
      err.join(AFTER_EXIT);
      in.join(AFTER_EXIT);
      return new Result(process.exitValue(), last.lines());
    } finally {
      killTree(process);
    }
  }

  /**
   * How it ended.
   *
   * @param exitStatus 128 + signal number when killed by a signal
   * @param lastLines the end of the output, at most 20 lines
   */
  public record Result(int exitStatus, List<String> lastLines) {}

  /** False when it still runs at the time limit. */
  private boolean ended(Process process, BooleanSupplier enough, Duration grace)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!process.waitFor(PAUSE)) {
      if (enough.getAsBoolean()) {
        List<ProcessHandle> children = process.children().toList();
        children.forEach(ProcessHandle::destroy);
        if (children.isEmpty()) {
          process.destroy();
        }
        if (!process.waitFor(grace)) {
          killTree(process);
        }
        return process.waitFor(AFTER_EXIT);
      }
      if (System.nanoTime() - start > timeout.toNanos()) {
        return false;
      }
    }
    return true;
  }

  private Process start() throws SubprocessException {
    ProcessBuilder builder = new ProcessBuilder(argv).directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(errors.isEmpty() && outputFile.isEmpty());
    if (stdin.isEmpty()) {
      builder.redirectInput(Path.of("/dev/null").toFile());
    }
    outputFile.ifPresent(file -> builder.redirectOutput(file.toFile()));
    try {
      Failpoint.BEFORE_PROGRAM.hit();
      Process process = builder.start();
      Failpoint.PROGRAM_STARTED.hit();
      return process;
    } catch (IOException e) {
      throw new SubprocessException(
          commandLine(), "cannot be started: " + e.getMessage(), List.of());
    }
  }

  private Thread read(InputStream stream, Consumer<String> lines) {
    return Thread.ofPlatform()
        .daemon()
        .name("subprocess-output")
        .start(() -> LineReader.readAll(stream, longestLine, lines));
  }

  private Thread feed(Process process) {
    return Thread.ofPlatform()
        .daemon()
        .name("subprocess-input")
        .start(
            () -> {
              try (OutputStream to = process.getOutputStream()) {
                to.write(stdin.orElse(new byte[0]));
              } catch (IOException e) {
                // The program closed its stdin early; its exit status tells the rest.
                return;
              }
            });
  }

  private static void killTree(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
