package io.weldr.worker.installer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first package that dpkg names as failing; what it names later is mostly the consequence. */
final class FirstFailure {
  private static final Pattern FAILED =
      Pattern.compile("dpkg: error processing (?:package|archive) (\\S+) \\(--[a-z]+\\):");
  private static final String PROGRESS =
      "(Selecting previously|Preparing to|Unpacking|Setting up|Processing triggers) .*";

  private Optional<String> name = Optional.empty();
  private Optional<String> reason = Optional.empty();
  private Optional<String> lastOutput = Optional.empty();

  /** Takes the next line of dpkg's output. */
  synchronized void line(String line) {
    if (name.isPresent()) {
      reason = reason.or(() -> Optional.of(line.strip()));
      return;
    }
    Matcher matcher = FAILED.matcher(line);
    if (matcher.matches()) {
      name = Optional.of(bareName(matcher.group(1)));
    } else {
      lastOutput = line.matches(PROGRESS) ? Optional.empty() : Optional.of(line.strip());
    }
  }

  /** What failed and why, with the last line the package's script printed. */
  synchronized Optional<String> sentence() {
    return name.map(
        failed ->
            "the package %s cannot be installed: %s%s"
                .formatted(
                    failed,
                    reason.orElse("dpkg does not say why"),
                    lastOutput.map(text -> "; before that it said: " + text).orElse("")));
  }

  private static String bareName(String packageOrArchive) {
    String base = packageOrArchive.substring(packageOrArchive.lastIndexOf('/') + 1);
    int end = base.indexOf('_');
    return end < 0 ? base : base.substring(0, end);
  }
}
