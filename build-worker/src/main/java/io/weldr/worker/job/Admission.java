package io.weldr.worker.job;

import io.weldr.worker.job.RequestRefusedException.Reason;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.TestMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Whether a job may enter the queue: the only place that decides about length of the queue and disk
 * space. Space that was promised to a compose stays reserved until it ends, so that two composes
 * are never admitted into the same free space. What a running compose has used already is counted
 * as used and as reserved: the error is on the safe side.
 *
 * @param maxQueue most composes that may be WAITING or RUNNING
 * @param lib its file system has scratch space and images
 * @param cache its file system has downloaded packages
 */
public record Admission(int maxQueue, Path lib, Path cache) {
  private static final long MIB = 1 << 20;

  /** Records and log of one compose. */
  private static final long RECORDS = 2 * MIB;

  /** Never promised to any compose, so that states can be stored whatever composes do. */
  private static final long ALWAYS_FREE = 64 * MIB;

  /**
   * Admits a job or says why not.
   *
   * @param imageBytes the image's size as far as it is known beforehand
   * @param present all composes there are
   * @return what is now reserved for it
   */
  Claim check(JobSpec job, long imageBytes, Collection<ComposeRecord> present)
      throws RequestRefusedException, IOException {
    List<Claim> claims =
        present.stream()
            .filter(compose -> !compose.state().ended())
            .map(ComposeRecord::claim)
            .toList();
    if (claims.size() >= maxQueue) {
      throw new RequestRefusedException(
          Reason.QUEUE_FULL, maxQueue + " composes are queued already; wait until some have ended");
    }
    boolean oneFileSystem = Files.getFileStore(lib).equals(Files.getFileStore(cache));
    long scratch = scratch(job);
    long image = job.testMode() == TestMode.NONE ? imageBytes : 0;
    long cached = job.testMode() == TestMode.NONE ? job.archiveBytes() : 0;
    Claim claim =
        new Claim(
            job.submitter(),
            scratch + image + (oneFileSystem ? cached : 0),
            oneFileSystem ? 0 : cached);
    String parts =
        " (%d MiB of scratch space, %d MiB for the image)".formatted(mib(scratch), mib(image));
    requireRoom(lib, claim.libBytes(), parts, claims, Claim::libBytes);
    requireRoom(cache, claim.cacheBytes(), "", claims, Claim::cacheBytes);
    return claim;
  }

  /** Downloads, and the tree with what scripts add to what packages say of themselves. */
  private static long scratch(JobSpec job) {
    if (job.testMode() != TestMode.NONE) {
      return RECORDS;
    }
    return RECORDS + job.archiveBytes() + job.treeBytes() + job.treeBytes() / 4;
  }

  private static void requireRoom(
      Path place, long needed, String parts, List<Claim> others, ToLongFunction<Claim> bytes)
      throws RequestRefusedException, IOException {
    long free = Files.getFileStore(place).getUsableSpace();
    long reserved = ALWAYS_FREE + others.stream().mapToLong(bytes).sum();
    if (needed > 0 && needed > free - reserved) {
      String text =
          "the compose needs about %d MiB%s in %s and %d MiB are free there, of which %d MiB are"
              + " reserved for other composes and the worker's records; delete old composes or"
              + " enlarge the file system";
      throw new RequestRefusedException(
          Reason.NO_SPACE, text.formatted(mib(needed), parts, place, mib(free), mib(reserved)));
    }
  }

  private static long mib(long bytes) {
    return bytes / MIB;
  }
}
