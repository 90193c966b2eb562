package io.weldr.worker.installer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first thing that rpm's output names as failing. rpm itself goes on after most of it, and may
 * end with 0.
 */
final class RpmFailure {
  /** Of a package's own script or of one that it triggers. */
  private static final Pattern SCRIPT =
      Pattern.compile("(?:warning|error): (%\\w+)\\((.+)\\) scriptlet failed, (.*)");

  private static final Pattern UNPACKING =
      Pattern.compile("error: unpacking of archive failed on file (.+): cpio: (.*)");
  private static final Pattern NOT_INSTALLED = Pattern.compile("error: (\\S+): install failed");
  private static final Pattern DEPENDENCIES = Pattern.compile("error: Failed dependencies:");
  private static final Pattern CONFLICT =
      Pattern.compile("\\s*file .* from install of .* conflicts with .*");

  private Optional<String> sentence = Optional.empty();
  private Optional<String> unpacking = Optional.empty();
  private Optional<String> lastError = Optional.empty();
  private boolean awaitsDependency;
  private String before = "";

  /** Takes the next line of rpm's output. */
  synchronized void line(String line) {
    if (sentence.isPresent()) {
      return;
    }
    Matcher script = SCRIPT.matcher(line);
    Matcher unpacked = UNPACKING.matcher(line);
    Matcher installed = NOT_INSTALLED.matcher(line);
    if (script.matches()) {
      sentence =
          Optional.of(
              "the script %s of the package %s failed, %s%s"
                  .formatted(script.group(1), script.group(2), script.group(3), said()));
    } else if (unpacked.matches()) {
      unpacking = Optional.of(unpacked.group(1) + ": cpio: " + unpacked.group(2));
    } else if (installed.matches()) {
      sentence =
          Optional.of(
              "the package %s cannot be installed: %s"
                  .formatted(
                      installed.group(1),
                      unpacking.orElse(lastError.orElse("rpm does not say why"))));
    } else if (awaitsDependency || CONFLICT.matcher(line).matches()) {
      sentence = Optional.of("the packages do not fit together: " + line.strip());
    }
    awaitsDependency = DEPENDENCIES.matcher(line).matches();
    if (line.startsWith("error: ")) {
      lastError = Optional.of(line.substring("error: ".length()));
    }
    before = line.strip();
  }

  private String said() {
    return before.isEmpty() ? "" : "; before that the output was: " + before;
  }

  /** What failed and why, with the last line before it. */
  synchronized Optional<String> sentence() {
    return sentence.or(() -> lastError.map(error -> "rpm failed: " + error));
  }
}
