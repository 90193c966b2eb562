package io.weldr.worker.installer.anaconda;

import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The installed Anaconda.
 *
 * @param text e.g. {@code 33.25.4-1.fc33}
 * @param major 33 in Fedora 33 and EL 8, 34 in EL 9
 */
record AnacondaVersion(String text, int major) {
  /** {@code anaconda --version} prints {@code anaconda 34.25.7.19}. */
  private static final Pattern LINE = Pattern.compile("anaconda (([0-9]{1,4})(?:[.-]\\S*)?)");

  /** 34 and later reject {@code --loglevel} with exit status 2. */
  private static final int FIRST_WITHOUT_LOG_LEVEL = 34;

  /** Asks a program. */
  static AnacondaVersion ask(Path program)
      throws BuildException, IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    Subprocess.of(program.toString(), "--version")
        .environment("HOME", "/root")
        .timeout(Duration.ofMinutes(2))
        .output(lines::add)
        .check();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line.strip());
      if (matcher.matches()) {
        return new AnacondaVersion(matcher.group(1), Integer.parseInt(matcher.group(2)));
      }
    }
    throw new BuildException(
        FailureCode.TOOL_MISSING,
        program + " does not say which Anaconda it is",
        "Correct the setting anaconda of the worker, or set installer = \"direct\".");
  }

  /** Options that not every version has. */
  List<String> options() {
    return major < FIRST_WITHOUT_LOG_LEVEL ? List.of("--loglevel", "debug") : List.of();
  }
}
