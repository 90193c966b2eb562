package io.weldr.worker.installer.anaconda;

import io.weldr.worker.host.Subprocess;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The installed Anaconda.
 *
 * @param text e.g. {@code 33.25.4-1.fc33}
 * @param logLevel whether it takes {@code --loglevel}: 33, in Fedora 33 and EL 8, does; 34, in EL
 *     9, and later reject it with exit status 2
 */
record AnacondaVersion(String text, boolean logLevel) {
  /**
   * {@code anaconda --version} prints {@code anaconda 34.25.7.19}, among what Python may warn of.
   */
  private static final Pattern LINE =
      Pattern.compile("\\S*anaconda\\S* (?:version )?((\\d{1,4})(?:[.-]\\S*)?)");

  private static final int FIRST_WITHOUT_LOG_LEVEL = 34;

  /** One built from its sources may not know its version; its help says what it takes. */
  private static final Pattern OPTION = Pattern.compile("(?<![A-Za-z0-9-])(--[a-z]+)(?![a-z-])");

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * Asks a program.
   *
   * @param anaconda a run of it with such arguments
   * @throws BuildException when it is not Anaconda, or cannot be started
   */
  static AnacondaVersion ask(Function<List<String>, Subprocess> anaconda)
      throws BuildException, InterruptedException {
    List<String> answer = output(anaconda.apply(List.of("--version")));
    for (String line : answer) {
      Matcher matcher = LINE.matcher(line.strip());
      if (matcher.matches()) {
        int major = Integer.parseInt(matcher.group(2));
        return new AnacondaVersion(matcher.group(1), major < FIRST_WITHOUT_LOG_LEVEL);
      }
    }
    Set<String> options =
        output(anaconda.apply(List.of("--help"))).stream()
            .flatMap(line -> OPTION.matcher(line).results())
            .map(option -> option.group(1))
            .collect(Collectors.toSet());
    if (options.containsAll(List.of("--kickstart", "--dirinstall", "--image"))) {
      return new AnacondaVersion("of an unknown version", options.contains("--loglevel"));
    }
    throw new BuildException(
        FailureCode.TOOL_MISSING,
        "the program set as Anaconda is not Anaconda"
            + (answer.isEmpty() ? "" : ": " + KnownErrors.shortened(answer.getLast())),
        "Correct the setting anaconda of the worker, or set installer = \"direct\".");
  }

  private static List<String> output(Subprocess question)
      throws BuildException, InterruptedException {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    try {
      question.timeout(LIMIT).output(lines::add).run();
    } catch (SubprocessException e) {
      throw new BuildException(
          FailureCode.TOOL_MISSING,
          "Anaconda cannot be asked for its version: it " + e.reason(),
          "Install Anaconda and util-linux, or set installer = \"direct\".",
          e);
    }
    return lines;
  }

  /** Options that not every version has. */
  List<String> options() {
    return logLevel ? List.of("--loglevel", "debug") : List.of();
  }
}
