package io.weldr.worker.installer.anaconda;

import io.weldr.worker.host.StopRequest;
import io.weldr.worker.host.Subprocess;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * One run of Anaconda, watched: its output and its log files are followed, an error it tells of
 * ends it, and so does silence. It notices without Anaconda's help, by its own clock.
 */
final class AnacondaRun {
  /** The logs in which progress and errors are; output of tools its modules run is in dbus.log. */
  private static final List<String> FOLLOWED =
      List.of("anaconda.log", "packaging.log", "program.log", "dbus.log");

  private static final String SEE_LOGS = "See logs/anaconda/ and logs/combined.log of the compose.";

  /** Beyond the limits it can only be the machine that is too slow to end it. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private final AnacondaLimits limits;
  private final Path logs;
  private final StopRequest stop;
  private final long begun = System.nanoTime();
  private final AnacondaOutput output;
  private final List<LogTail> tails;
  private final AtomicLong lastLine = new AtomicLong(System.nanoTime());
  private Optional<BuildException> stopped = Optional.empty();
  private Optional<IOException> unreadable = Optional.empty();

  /**
   * @param logs directory that Anaconda knows as /tmp
   * @param stop tells that it is to end
   */
  AnacondaRun(AnacondaLimits limits, Path logs, StopRequest stop, StageReport report) {
    this.limits = limits;
    this.stop = stop;
    this.logs = logs;
    this.output = new AnacondaOutput(report);
    this.tails =
        FOLLOWED.stream().map(name -> new LogTail(logs.resolve(name), l -> log(name, l))).toList();
  }

  /**
   * Runs it to its end.
   *
   * @throws BuildException when it fails, says that something failed, is silent, takes too long or
   *     is to end
   */
  void run(Subprocess anaconda) throws BuildException, IOException, InterruptedException {
    Subprocess.Result result;
    try {
      result =
          anaconda
              .timeout(limits.total().plus(limits.grace()).plus(SLACK))
              .output(this::print)
              .run(this::enough, limits.grace());
    } catch (SubprocessException e) {
      throw failure(e);
    }
    for (LogTail tail : tails) {
      tail.finish();
    }
    Optional<BuildException> told = output.failure().or(() -> stopped);
    if (told.isPresent()) {
      throw told.get();
    }
    if (unreadable.isPresent()) {
      throw unreadable.get();
    }
    if (result.exitStatus() != 0) {
      throw unexplained(result);
    }
  }

  private void print(String line) {
    lastLine.set(System.nanoTime());
    output.printed(line);
  }

  private void log(String name, String line) {
    lastLine.set(System.nanoTime());
    output.logged(name, line);
  }

  private boolean enough() {
    try {
      for (LogTail tail : tails) {
        tail.read();
      }
    } catch (IOException e) {
      unreadable = Optional.of(e);
      return true;
    }
    stopped = reason();
    return stopped.isPresent() || output.fatal(limits.settle());
  }

  /** Why it is to end now, if it is. */
  private Optional<BuildException> reason() {
    if (stop.isAsked()) {
      return Optional.of(new BuildException(FailureCode.CANCELLED, "cancelled", ""));
    }
    if (System.nanoTime() - begun > limits.total().toNanos()) {
      return Optional.of(timeout());
    }
    if (silence().compareTo(limits.silence()) > 0) {
      return Optional.of(
          new BuildException(
              FailureCode.NO_PROGRESS,
              "Anaconda said nothing for " + words(limits.silence()),
              SEE_LOGS));
    }
    return Optional.empty();
  }

  private BuildException timeout() {
    return new BuildException(
        FailureCode.TIMEOUT,
        "Anaconda took longer than " + words(limits.total()),
        "Use faster sources or fewer packages, or raise anaconda_timeout_minutes of the worker.");
  }

  /** Downloads and mkfs write to logs that are not followed: those are signs of life as well. */
  private Duration silence() {
    Duration told = Duration.ofNanos(System.nanoTime() - lastLine.get());
    if (told.compareTo(limits.silence()) <= 0) {
      return told;
    }
    try (Stream<Path> files = Files.list(logs)) {
      long written = files.mapToLong(file -> file.toFile().lastModified()).max().orElse(0);
      Duration unwritten = Duration.ofMillis(System.currentTimeMillis() - written);
      return unwritten.compareTo(told) < 0 ? unwritten : told;
    } catch (IOException e) {
      return told;
    }
  }

  private BuildException failure(SubprocessException e) {
    if (e.reason().startsWith("cannot be started")) {
      return new BuildException(
          FailureCode.TOOL_MISSING, "Anaconda " + e.reason(), "Install util-linux.", e);
    }
    return output.failure().orElseGet(this::timeout);
  }

  /** It ended without the words it has for that. */
  private static BuildException unexplained(Subprocess.Result result) {
    List<String> lines = result.lastLines().stream().filter(line -> !line.isBlank()).toList();
    Optional<BuildException> known = KnownErrors.explain(String.join(" ", lines));
    if (known.isPresent()) {
      return known.get();
    }
    String last = lines.isEmpty() ? "it printed nothing" : KnownErrors.shortened(lines.getLast());
    return new BuildException(
        FailureCode.INTERNAL,
        "Anaconda ended with exit status " + result.exitStatus() + ": " + last,
        SEE_LOGS);
  }

  private static String words(Duration duration) {
    return duration.toMinutes() > 0
        ? duration.toMinutes() + " minutes"
        : duration.toSeconds() + " seconds";
  }
}
