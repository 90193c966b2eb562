package io.weldr.worker.job;

import io.weldr.worker.host.Access;
import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.CgroupLimits;
import io.weldr.worker.host.DeviceMapper;
import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.host.Failpoint;
import io.weldr.worker.host.LoopDevices;
import io.weldr.worker.host.ResourceControl;
import io.weldr.worker.host.StopRequest;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.SpecJson;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The process of one compose, whoever started it.
 *
 * <p>Security: processes are found and killed by the cgroup made for them and nothing else. Mounts
 * are in the job's own namespace and end with it; loop devices are detached by their backing files.
 */
final class JobProcess {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  /** For a job that ends by itself; less than a deletion waits. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(12);

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int LONGEST_OUTPUT = 8192;
  private static final int MOST_LINES = 20;

  private final UUID id;
  private final ComposeStore store;
  private final JobPolicy policy;
  private Optional<Process> child = Optional.empty();

  JobProcess(UUID id, ComposeStore store, JobPolicy policy) {
    this.id = id;
    this.store = store;
    this.policy = policy;
  }

  Path eventFile() {
    return store.layout().job(id).resolve(JobEvent.FILE);
  }

  /** The end of what its attempts printed: at most 20 lines, without control characters. */
  List<String> lastOutput() throws IOException {
    byte[] end = new byte[LONGEST_OUTPUT];
    int length;
    try (RandomAccessFile file = new RandomAccessFile(output().toFile(), "r")) {
      length = (int) Math.min(file.length(), end.length);
      file.seek(file.length() - length);
      file.readFully(end, 0, length);
    } catch (FileNotFoundException e) {
      return List.of();
    }
    List<String> lines =
        new String(end, 0, length, StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.replaceAll("\\p{Cntrl}", " "))
            .toList();
    return lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
  }

  /** Puts away what an earlier attempt left and writes the settings of the next one. */
  void prepare(ComposeRecord record) throws IOException, InterruptedException {
    end(record);
    stopRequest().clear();
    if (Files.exists(eventFile(), LinkOption.NOFOLLOW_LINKS)) {
      String kept = "events-" + record.attempt() + ".jsonl";
      DurableFiles.move(eventFile(), eventFile().resolveSibling(kept));
    }
    DurableFiles.write(
        store.layout().job(id).resolve(JobSettings.FILE),
        SpecJson.bytes(policy.settings(store.layout(), id)),
        Access.ROOT_FILE);
  }

  /** Starts it in the cgroup, whose path is stored already. */
  void start(Cgroup cgroup) throws IOException {
    Path job = store.layout().job(id);
    Failpoint.BEFORE_CGROUP.hit();
    control().create(cgroup);
    limit(cgroup);
    Failpoint.CGROUP_MADE.hit();
    child = Optional.of(policy.launcher().launch(job, control().directories(cgroup), output()));
    Failpoint.JOB_STARTED.hit();
  }

  /** Limits what runs of it already. */
  void limit(ComposeRecord record) throws IOException {
    Optional<Cgroup> cgroup = cgroup(record).filter(Cgroup::exists);
    if (cgroup.isPresent()) {
      limit(cgroup.get());
    }
  }

  private void limit(Cgroup cgroup) throws IOException {
    control().limit(cgroup, policy.limits().usage());
  }

  /** The limit that it met, if any. */
  Optional<CgroupLimits.Resource> exceeded(ComposeRecord record) throws IOException {
    Optional<Cgroup> cgroup = cgroup(record);
    return cgroup.isPresent() ? control().exceeded(cgroup.get()) : Optional.empty();
  }

  private ResourceControl control() {
    return policy.limits().control();
  }

  private static Optional<Cgroup> cgroup(ComposeRecord record) {
    return record.cgroup().map(Path::of).map(Cgroup::new);
  }

  private Path output() {
    return store.layout().job(id).resolve("process.log");
  }

  /** Whether anything of it runs; true also until a process just started has entered its cgroup. */
  boolean alive(ComposeRecord record) throws IOException {
    boolean ours = child.filter(Process::isAlive).isPresent();
    Optional<Cgroup> cgroup = cgroup(record);
    return ours || (cgroup.isPresent() && cgroup.get().populated());
  }

  /** Lets a job end by itself that can, for a moment. */
  void stop(ComposeRecord record) throws IOException, InterruptedException {
    StopRequest request = stopRequest();
    if (!request.isHeard() || !alive(record)) {
      return;
    }
    request.ask();
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (alive(record) && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE);
    }
  }

  private StopRequest stopRequest() {
    return new StopRequest(store.layout().job(id));
  }

  /**
   * Kills what runs and removes what is left of it.
   *
   * @throws IOException when something withstands; to be tried again
   */
  void end(ComposeRecord record) throws IOException, InterruptedException {
    Optional<Cgroup> cgroup = cgroup(record);
    if (cgroup.isPresent()) {
      Failpoint.BEFORE_KILL.hit();
      if (!cgroup.get().killAndRemove(KILL_LIMIT)) {
        throw new IOException("processes in " + cgroup.get().path() + " do not end");
      }
      control().removeCompanions(cgroup.get());
    }
    Failpoint.KILLED.hit();
    DeviceMapper.removeDiskOf(id);
    LoopDevices.detachBelow(store.layout().work(id));
    LoopDevices.detachBelow(store.layout().result(id));
    policy.removeUnfinished(id);
    store.removeLeftovers(record);
  }
}
