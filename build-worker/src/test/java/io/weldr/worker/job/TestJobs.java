package io.weldr.worker.job;

import io.weldr.worker.FakeJob;
import io.weldr.worker.host.Access;
import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.CgroupLimits;
import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.host.ResourceControl;
import io.weldr.worker.spec.BlueprintDocument;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.GitAccess;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.Target;
import io.weldr.worker.spec.TestMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;

/** Composes over a directory of a test, with {@link FakeJob} as the job process. */
public final class TestJobs {
  public static final int GID = 4242;
  public static final Duration LONG = Duration.ofSeconds(60);

  private TestJobs() {}

  /** Makes the directories of a worker below {@code lib}. */
  public static StateLayout layout(Path lib) throws IOException {
    StateLayout layout = new StateLayout(lib, GID);
    Files.createDirectories(lib);
    if (!Files.exists(layout.jobs())) {
      DurableFiles.createDirectory(layout.jobs(), Access.ROOT_DIRECTORY);
      DurableFiles.createDirectory(layout.results(), Access.groupDirectory(GID));
    }
    return layout;
  }

  public static Composes open(Path lib, int slots) throws IOException, InterruptedException {
    return open(lib, slots, Duration.ofMinutes(5), 1000);
  }

  public static Composes open(Path lib, int slots, Duration timeout, int maxQueue)
      throws IOException, InterruptedException {
    return open(lib, slots, limits(timeout), maxQueue);
  }

  static Composes open(Path lib, JobLimits limits) throws IOException, InterruptedException {
    return open(lib, 1, limits, 1000);
  }

  private static Composes open(Path lib, int slots, JobLimits limits, int maxQueue)
      throws IOException, InterruptedException {
    StateLayout layout = layout(lib);
    return Composes.open(
        layout,
        new Admission(maxQueue, lib, lib),
        job -> new Recipes.Documents("template\n", "kickstart\n", "config = 1\n", "root.tar.xz", 0),
        policy(limits),
        slots,
        Clock.systemUTC());
  }

  static JobPolicy policy(Duration timeout) throws IOException {
    return policy(limits(timeout));
  }

  private static JobPolicy policy(JobLimits limits) throws IOException {
    return new JobPolicy(
        new JobLauncher(FakeJob.command()),
        Cgroup.own(),
        limits,
        Path.of("/nonexistent/share"),
        new Target("debian", "12"),
        Optional.empty(),
        GitAccess.NONE,
        Path.of("/nonexistent/cache"),
        OptionalInt.empty(),
        OptionalLong.empty(),
        1);
  }

  private static JobLimits limits(Duration timeout) {
    CgroupLimits usage = new CgroupLimits(1 << 30, 1000, 100);
    return new JobLimits(usage, ResourceControl.NONE, timeout, Duration.ofMinutes(5));
  }

  /** A job whose process does what the blueprint's name says. */
  public static JobSpec job(String behaviour) {
    return job(UUID.randomUUID(), behaviour);
  }

  public static JobSpec job(UUID id, String behaviour) {
    return new JobSpec(
        id,
        "tar",
        new BlueprintDocument(behaviour, "1.2.3", "c".repeat(40), "as committed", "frozen"),
        List.of(new PackageSpec("a", 1, "2.0", "3", "all", "host", "00".repeat(32), 1000)),
        List.of(new SourceSpec.Host("host")),
        Customizations.NONE,
        TestMode.FINISH,
        0,
        0,
        0);
  }

  /** Submits with the hash of its own id, so that two submissions of a job are the same. */
  public static ComposeRecord submit(JobQueue queue, JobSpec job)
      throws IOException, RequestRefusedException {
    return queue.submit(job, job.composeId().toString());
  }

  /** Waits for a compose to become as wanted. */
  public static ComposeRecord await(JobQueue queue, UUID id, Predicate<ComposeRecord> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (System.nanoTime() < deadline) {
      ComposeRecord record = queue.find(id).orElseThrow();
      if (wanted.test(record)) {
        return record;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("not reached: " + queue.find(id));
  }

  /** Waits for the end of a compose and of everything of it. */
  public static ComposeRecord awaitEnd(JobQueue queue, UUID id) throws InterruptedException {
    return await(queue, id, record -> record.state().ended() && record.cgroup().isEmpty());
  }

  /** Waits for a running compose to reach a stage. */
  public static ComposeRecord awaitStage(JobQueue queue, UUID id, String stage)
      throws InterruptedException {
    return await(
        queue, id, record -> record.progress().filter(p -> p.stage().equals(stage)).isPresent());
  }
}
