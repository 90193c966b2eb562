package io.weldr.worker.job;

import io.weldr.worker.host.Cgroup;
import io.weldr.worker.spec.AnacondaProgram;
import io.weldr.worker.spec.GitAccess;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How jobs are run.
 *
 * @param cgroups each job process gets a fresh cgroup below this one
 * @param xzLevel empty = the job chooses
 * @param sourceDateEpoch seconds since 1970; empty = the present
 */
public record JobPolicy(
    JobLauncher launcher,
    Cgroup cgroups,
    JobLimits limits,
    Path shareDir,
    Target target,
    Optional<AnacondaProgram> anaconda,
    GitAccess git,
    Path cacheDir,
    OptionalInt xzLevel,
    OptionalLong sourceDateEpoch,
    int testComposeSeconds) {

  /**
   * A cgroup that no earlier process can be about to enter: one that was started by a worker which
   * died finds its own cgroup gone and ends.
   */
  Cgroup freshCgroup(UUID id) {
    String serial = Integer.toHexString(ThreadLocalRandom.current().nextInt());
    return cgroups.child(cgroupPrefix(id) + serial);
  }

  static String cgroupPrefix(UUID id) {
    return "weldr-job-" + id + "-";
  }

  /** Removes what the killed job of a compose was just adding to the package cache. */
  void removeUnfinished(UUID id) throws IOException {
    try (var unfinished = Files.newDirectoryStream(cacheDir, JobSettings.unfinished(id) + "*")) {
      for (Path file : unfinished) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Nothing was ever downloaded.
      return;
    }
  }

  JobSettings settings(StateLayout layout, UUID id) {
    return new JobSettings(
        layout.lib(),
        layout.result(id),
        layout.work(id),
        shareDir,
        target,
        anaconda,
        git,
        cacheDir,
        xzLevel,
        sourceDateEpoch,
        testComposeSeconds,
        layout.gid());
  }
}
