package io.weldr.worker.installer.anaconda;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Understands what Anaconda prints and logs: how far it is, and why it fails. Safe for several
 * threads.
 *
 * <p>Only lines that Anaconda writes itself count; a "Traceback" in the output of a package's
 * script does not. It tells a fatal error and then sleeps for 180 seconds, so {@link #fatal} is
 * true as soon as the whole message must have arrived.
 */
final class AnacondaOutput {
  private static final String MESSAGE_FOLLOWS = "The exact error message is:";
  private static final String MESSAGE_ENDED = "The installer will now terminate";
  private static final int MOST_LINES = 40;

  private static final String TIME = "\\d\\d:\\d\\d:\\d\\d,\\d{3} ";

  /** {@code HH:MM:SS,mmm LVL logger: text} begins a message; other lines go on with the last. */
  private static final Pattern STAMP = Pattern.compile(TIME);

  /** The date, where there is one, time, level and logger, as far as the text. */
  private static final Pattern CRITICAL =
      Pattern.compile("(?:\\S+ )?\\d\\S* CR(?:T|ITICAL) (?:\\S+[.])?exception\\b:?");

  /** The logger is another one in almost every release, and so is the name of the level. */
  private static final Pattern SCRIPT_FAILED =
      Pattern.compile(
          "(?:%s)?ERR(?:OR)?[ :]\\S*?(?:script\\S*: ?Error code (-?\\d+)|: ?Error code (-?\\d+) running)\\b(?:.*? at line (\\d+))?"
              .formatted(TIME));

  private final StageReport report;
  private final Phases phases = new Phases();
  private final List<String> message = new ArrayList<>();
  private final List<String> exception = new ArrayList<>();
  private Optional<String> script = Optional.empty();
  private boolean inMessage;
  private boolean messageWhole;
  private boolean inException;
  private long lastFatalLine;

  AnacondaOutput(StageReport report) {
    this.report = report;
  }

  /** A line of stdout or stderr. */
  synchronized void printed(String line) {
    report.info(line);
    phases.percent(line).ifPresent(this::reached);
    if (line.strip().startsWith(MESSAGE_FOLLOWS)) {
      inMessage = true;
      fatalLine();
      String begun = line.strip().substring(MESSAGE_FOLLOWS.length());
      if (!begun.isBlank()) {
        add(message, begun);
      }
    } else if (inMessage && line.strip().startsWith(MESSAGE_ENDED)) {
      inMessage = false;
      messageWhole = true;
    } else if (inMessage && !line.isBlank()) {
      add(message, line);
    }
    scriptFailure(line);
  }

  /** A line of one of its log files. */
  synchronized void logged(String file, String line) {
    report.info(file + ": " + line);
    Matcher critical = CRITICAL.matcher(line);
    if (critical.lookingAt()) {
      inException = true;
      add(exception, line.substring(critical.end()));
    } else if (STAMP.matcher(line).lookingAt()) {
      inException = false;
    } else if (inException && !line.isBlank()) {
      add(exception, line);
    }
    scriptFailure(line);
  }

  /** Whether it has told of an error from which it does not return, at least so long ago. */
  synchronized boolean fatal(Duration settled) {
    boolean told = inMessage || !message.isEmpty() || !exception.isEmpty();
    return messageWhole || told && System.nanoTime() - lastFatalLine > settled.toNanos();
  }

  /** Why it failed, as far as it has said so; also when it ends with status 0. */
  synchronized Optional<BuildException> failure() {
    if (!message.isEmpty()) {
      return Optional.of(explained(String.join(" ", message)));
    }
    if (!exception.isEmpty()) {
      // A traceback; its last line is the exception.
      return Optional.of(explained(exception.getLast()));
    }
    return script.map(
        sentence ->
            new BuildException(
                FailureCode.CUSTOMIZATION_FAILED,
                sentence,
                "logs/anaconda/ks-script-*.log of the compose have its output."));
  }

  /** The failure behind a text of Anaconda's. */
  static BuildException explained(String text) {
    return KnownErrors.explain(text)
        .orElseGet(
            () ->
                new BuildException(
                    FailureCode.INTERNAL,
                    "Anaconda gave up: " + KnownErrors.shortened(text),
                    "See logs/anaconda/ and logs/combined.log of the compose."));
  }

  private void scriptFailure(String line) {
    Matcher matcher = SCRIPT_FAILED.matcher(line);
    if (script.isEmpty() && matcher.lookingAt()) {
      String place = matcher.group(3) == null ? "" : " at line " + matcher.group(3);
      String status = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      script =
          Optional.of(
              "a script%s of the kickstart ended with exit status %s".formatted(place, status));
    }
  }

  private void reached(int percent) {
    report.progress(percent, 100);
  }

  private void add(List<String> lines, String line) {
    fatalLine();
    if (lines.size() == MOST_LINES) {
      lines.removeFirst();
    }
    lines.add(line.strip());
  }

  private void fatalLine() {
    lastFatalLine = System.nanoTime();
  }

  /** Turns lines of its output into percent; never backward. */
  private static final class Phases {
    private static final Pattern COUNT =
        Pattern.compile("^Installing \\S+ \\((\\d{1,6})/(\\d{1,6})\\)");

    private static final Pattern DOWNLOAD =
        Pattern.compile("^Downloading \\d+ RPMs,.*\\((\\d{1,3})%\\)");

    /** Where downloading packages begins and ends. */
    private static final int DOWNLOAD_FROM = 10;

    private static final int DOWNLOAD_TO = 18;

    /** Where installing them does. */
    private static final int FROM = 20;

    private static final int TO = 80;

    /** What it prints when it begins something, and how much is done then. */
    private static final List<Phase> BEGINNINGS =
        List.of(
            new Phase("Starting automated install", 2),
            new Phase("Setting up the installation environment", 5),
            new Phase("Starting package installation process", 8),
            new Phase("Downloading packages", DOWNLOAD_FROM),
            new Phase("Preparing transaction from installation source", DOWNLOAD_TO),
            new Phase("Performing post-installation setup tasks", 80),
            new Phase("Installing boot loader", 86),
            new Phase("Generating initramfs", 90),
            new Phase("Storing configuration files and kickstarts", 95),
            new Phase("Running post-installation scripts", 96),
            new Phase("Installation complete", 100));

    private record Phase(String mark, int percent) {}

    OptionalInt percent(String line) {
      Matcher count = COUNT.matcher(line);
      if (count.find()) {
        int done = Integer.parseInt(count.group(1));
        int total = Math.max(1, Integer.parseInt(count.group(2)));
        return OptionalInt.of(FROM + (TO - FROM) * Math.min(done, total) / total);
      }
      Matcher download = DOWNLOAD.matcher(line);
      if (download.find()) {
        int percent = Math.min(100, Integer.parseInt(download.group(1)));
        return OptionalInt.of(DOWNLOAD_FROM + (DOWNLOAD_TO - DOWNLOAD_FROM) * percent / 100);
      }
      return BEGINNINGS.stream()
          .filter(phase -> line.startsWith(phase.mark()))
          .mapToInt(Phase::percent)
          .findFirst();
    }
  }
}
