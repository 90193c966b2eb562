package io.weldr.worker.job;

import io.weldr.worker.host.CgroupLimits.Resource;
import io.weldr.worker.spec.FailureCode;
import java.io.IOException;

/** Failures that the worker finds, in words for the compose's owner. */
final class JobFailures {
  private static final long MIB = 1 << 20;
  private static final String SEE_LOG = "see the end of the compose's log for what it was doing";

  private JobFailures() {}

  static ComposeRecord.Failure timeout(String stage, JobLimits limits) {
    return new ComposeRecord.Failure(
        FailureCode.TIMEOUT,
        stage,
        "the build did not end within " + limits.timeout().toMinutes() + " minutes",
        "raise job_timeout_minutes in the worker's configuration, or use a faster source");
  }

  static ComposeRecord.Failure noProgress(String stage, JobLimits limits) {
    return new ComposeRecord.Failure(
        FailureCode.NO_PROGRESS,
        stage,
        "the build showed no progress for " + limits.hang().toMinutes() + " minutes",
        SEE_LOG + "; if it only needs more time, raise job_hang_minutes");
  }

  static ComposeRecord.Failure exceeded(Resource resource, String stage, JobLimits limits) {
    return switch (resource) {
      case MEMORY ->
          new ComposeRecord.Failure(
              FailureCode.OUT_OF_MEMORY,
              stage,
              "the build needed more than the "
                  + limits.usage().memoryBytes() / MIB
                  + " MiB of memory it may use",
              "raise job_memory_mib in the worker's configuration, if need be with fewer slots");
      case PIDS ->
          new ComposeRecord.Failure(
              FailureCode.TOO_MANY_PROCESSES,
              stage,
              "the build wanted more than the "
                  + limits.usage().processes()
                  + " processes and threads it may have",
              SEE_LOG + "; if it is in order, raise job_processes");
      case CPU -> throw new IllegalArgumentException("nothing fails for want of processors");
    };
  }

  static ComposeRecord.Failure interrupted(String stage, int attempts) {
    return new ComposeRecord.Failure(
        FailureCode.INTERRUPTED,
        stage,
        "the build process ended without a result, " + attempts + " times",
        "see the compose's log and the journal of the host, then start it again");
  }

  static ComposeRecord.Failure cannotStart(IOException cause) {
    String message = "the build process cannot be started: " + cause.getMessage();
    return String.valueOf(cause.getMessage()).contains("No space left on device")
        ? new ComposeRecord.Failure(FailureCode.NO_SPACE, "", message, "delete old composes")
        : internal(message, "see the worker's log");
  }

  static ComposeRecord.Failure damaged(String reason) {
    return new ComposeRecord.Failure(
        FailureCode.DAMAGED,
        "",
        "the files of this compose are damaged: " + reason,
        "restore them and restart the worker, or delete the compose and start it again");
  }

  static ComposeRecord.Failure internal(String message, String hint) {
    return new ComposeRecord.Failure(FailureCode.INTERNAL, "", message, hint);
  }
}
