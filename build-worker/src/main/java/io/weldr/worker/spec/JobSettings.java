package io.weldr.worker.spec;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What the job process must know besides the spec. Stored as {@code job.json} in the job's
 * directory; written by the worker, never from anything a client sent.
 *
 * @param libDir state directory
 * @param resultsDir results directory of this compose
 * @param workDir scratch area of this compose; the job makes it, the worker removes it
 * @param shareDir root of the installed data (composer, distros, depsolve)
 * @param target what images are made for
 * @param anaconda what installs; empty = the direct installer
 * @param git what git repositories may be reached by
 * @param cacheDir package cache
 * @param xzLevel 0 to 9; empty = the job chooses
 * @param sourceDateEpoch seconds since 1970: the same job then gives the same image again; empty =
 *     the present
 * @param testComposeSeconds how long a compose in a test mode runs
 * @param groupGid group that may read results
 */
public record JobSettings(
    Path libDir,
    Path resultsDir,
    Path workDir,
    Path shareDir,
    Target target,
    Optional<AnacondaProgram> anaconda,
    GitAccess git,
    Path cacheDir,
    OptionalInt xzLevel,
    OptionalLong sourceDateEpoch,
    int testComposeSeconds,
    int groupGid) {

  /** Name in the job's directory. */
  public static final String FILE = "job.json";

  /** How names begin of what a compose adds to {@code cacheDir} and has not completed yet. */
  public static String unfinished(UUID composeId) {
    return "." + composeId + "-";
  }
}
