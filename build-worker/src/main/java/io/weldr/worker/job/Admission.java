package io.weldr.worker.job;

import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.TestMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a job may enter the queue.
 *
 * @param maxQueue most composes that may be WAITING or RUNNING
 * @param lib its file system must have room for the job
 */
public record Admission(int maxQueue, Path lib) {
  private static final long MIB = 1 << 20;

  /** Room for records and logs. */
  private static final long ALWAYS_FREE = 64 * MIB;

  /**
   * Downloaded archives once, unpacked about four times their size, the image about once more.
   * Measured on Debian trees; the job still reports a full disk if this was too little.
   */
  private static final long TIMES_ARCHIVES = 6;

  void check(JobSpec job, long queued) throws RequestRefusedException, IOException {
    if (queued >= maxQueue) {
      throw new RequestRefusedException(
          RequestRefusedException.Reason.QUEUE_FULL,
          maxQueue + " composes are queued already; wait until some have ended");
    }
    long free = Files.getFileStore(lib).getUsableSpace();
    long needed = needed(job);
    if (free < needed) {
      throw new RequestRefusedException(
          RequestRefusedException.Reason.NO_SPACE,
          String.format(
              "the compose needs about %d MiB in %s and %d MiB are free; delete old composes or"
                  + " enlarge the file system",
              needed / MIB, lib, free / MIB));
    }
  }

  static long needed(JobSpec job) {
    if (job.testMode() != TestMode.NONE) {
      return ALWAYS_FREE;
    }
    long archives = job.packages().stream().mapToLong(PackageSpec::size).sum();
    return ALWAYS_FREE + TIMES_ARCHIVES * archives + job.size();
  }
}
