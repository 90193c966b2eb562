package io.weldr.worker.build;

import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns whatever ended a compose into what its owner is told. */
final class Failures {
  private static final String NO_SPACE = "No space left on device";
  private static final String SEE_LOG = "See logs/combined.log of the compose.";

  private Failures() {}

  /**
   * The last event of a failed compose.
   *
   * @param stage where it failed; may be empty
   */
  static JobEvent.Failed event(Throwable failure, String stage) {
    BuildException explained = explained(failure);
    return new JobEvent.Failed(
        System.currentTimeMillis(),
        explained.code(),
        stage,
        explained.getMessage(),
        explained.hint());
  }

  /** Lines for the log: commands that failed, so that they can be pasted, and their last output. */
  static List<String> details(Throwable failure) {
    List<String> lines = new ArrayList<>();
    for (Throwable cause : causes(failure)) {
      if (cause instanceof SubprocessException process) {
        lines.add("The command " + process.reason() + ": " + process.commandLine());
        process.lastLines().forEach(line -> lines.add("  " + line));
      } else if (!(cause instanceof BuildException)) {
        lines.add(cause.toString());
      }
    }
    return lines;
  }

  private static BuildException explained(Throwable failure) {
    List<Throwable> causes = causes(failure);
    if (causes.stream().anyMatch(Failures::isNoSpace)) {
      return new BuildException(
          FailureCode.NO_SPACE,
          "there is no space left on the host's disk",
          "Free some space in the worker's state and cache directories and start again.");
    }
    Optional<SubprocessException> missing =
        causes.stream()
            .filter(SubprocessException.class::isInstance)
            .map(SubprocessException.class::cast)
            .filter(process -> process.reason().startsWith("cannot be started"))
            .findFirst();
    if (missing.isPresent()) {
      return new BuildException(
          FailureCode.TOOL_MISSING,
          "a program of the host " + missing.get().reason(),
          "Install the missing program on the host.");
    }
    return switch (failure) {
      case BuildException known -> known;
      case KickstartException kickstart ->
          new BuildException(FailureCode.CUSTOMIZATION_FAILED, kickstart.getMessage(), SEE_LOG);
      case SubprocessException process ->
          new BuildException(FailureCode.INTERNAL, sentence(process), SEE_LOG);
      default -> new BuildException(FailureCode.INTERNAL, describe(failure), SEE_LOG);
    };
  }

  private static String sentence(SubprocessException process) {
    String program = process.commandLine().split(" ", 2)[0];
    List<String> lines = process.lastLines();
    String last = lines.isEmpty() ? "" : ": " + lines.getLast().strip();
    return "the program " + program + " " + process.reason() + last;
  }

  private static String describe(Throwable failure) {
    String message = failure.getMessage();
    return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static boolean isNoSpace(Throwable cause) {
    Stream<String> texts = Stream.ofNullable(cause.getMessage());
    if (cause instanceof SubprocessException process) {
      texts = Stream.concat(texts, process.lastLines().stream());
    }
    return texts.anyMatch(text -> text.contains(NO_SPACE))
        || (cause instanceof BuildException known && known.code() == FailureCode.NO_SPACE);
  }

  private static List<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20).toList();
  }
}
