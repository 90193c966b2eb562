package io.weldr.worker.installer;

import io.weldr.worker.host.Subprocess;
import io.weldr.worker.kickstart.PostScript;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs the {@code %post} sections of the template.
 *
 * <p>Security: in {@link Tree}'s sandbox, so neither a script nor the file it logs into is outside
 * of the tree, whatever links a package planted there.
 */
final class PostScripts {
  /** Takes the script from stdin, so that it may be of any length; /tmp is the sandbox's own. */
  private static final String RUN =
      """
      script=/tmp/post-script
      cat > "$script" || exit 126
      chmod 0700 "$script"
      if [ -z "$2" ]; then
        exec "$1" "$script" < /dev/null
      fi
      umask 077
      mkdir -p -- "$(dirname -- "$2")" || exit 126
      "$1" "$script" < /dev/null > "$2" 2>&1
      status=$?
      cat -- "$2"
      exit $status
      """;

  private static final String HINT =
      "Correct the template; logs/combined.log of the compose has the script's output.";

  private final Tree tree;
  private final StageReport report;

  PostScripts(Tree tree, StageReport report) {
    this.tree = tree;
    this.report = report;
  }

  /** Runs all, one after the other. */
  void run(List<PostScript> scripts) throws BuildException, IOException, InterruptedException {
    for (PostScript script : scripts) {
      run(script);
    }
  }

  private void run(PostScript script) throws BuildException, IOException, InterruptedException {
    if (!tree.succeeds("/usr/bin/test", "-x", script.interpreter())) {
      throw new BuildException(
          FailureCode.INTERNAL,
          "the image has no " + script.interpreter() + ", which a %post script needs",
          "Add its package to the template or to the blueprint.");
    }
    Subprocess process =
        tree.command(
                List.of(
                    "/bin/sh", "-c", RUN, "post", script.interpreter(), script.log().orElse("")))
            .stdin(script.body().getBytes(StandardCharsets.UTF_8))
            .output(report::info);
    int status = process.run().exitStatus();
    String sentence =
        "a %post script of the output type's template ended with exit status " + status;
    if (status != 0 && script.fatal()) {
      throw new BuildException(FailureCode.INTERNAL, sentence, HINT);
    }
    if (status != 0) {
      report.warning("Going on, though " + sentence);
    }
  }
}
