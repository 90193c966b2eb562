package io.weldr.worker.job;

import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.host.SafeDirectory;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SpecJson;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * What a new worker finds on disk. Acceptances and deletions that were interrupted are carried to
 * their end or undone, as the names tell; composes whose files cannot be read are listed as FAILED
 * with code DAMAGED, so that they can be seen and deleted.
 *
 * <p>Security: entries with other names than the worker gives are left alone and logged. Damaged
 * state never ends the worker and hides no other compose.
 */
final class Recovery {
  private static final Logger LOG = System.getLogger(Recovery.class.getName());

  private final ComposeStore store;
  private final StateLayout layout;
  private final Cgroup cgroups;

  Recovery(ComposeStore store, Cgroup cgroups) {
    this.store = store;
    this.layout = store.layout();
    this.cgroups = cgroups;
  }

  /**
   * All composes, oldest first.
   *
   * @throws IOException when the two directories themselves cannot be read
   */
  List<ComposeRecord> composes() throws IOException, InterruptedException {
    finishDeletions();
    finishAcceptances();
    Set<UUID> ids = new HashSet<>(ids(layout.jobs(), ""));
    ids.addAll(ids(layout.results(), ""));
    List<ComposeRecord> found = new ArrayList<>();
    for (UUID id : ids) {
      found.add(load(id));
    }
    found.sort(
        Comparator.comparingLong(ComposeRecord::sequence)
            .thenComparingLong(ComposeRecord::createdMs));
    return found;
  }

  private void finishDeletions() throws IOException {
    for (UUID id : ids(layout.jobs(), StateLayout.DELETED)) {
      store.purge(id);
    }
    for (UUID id : ids(layout.results(), StateLayout.DELETED)) {
      ComposeStore.remove(layout.results(), StateLayout.DELETED + id);
    }
  }

  private void finishAcceptances() throws IOException {
    for (UUID id : ids(layout.results(), StateLayout.STAGED)) {
      if (exists(layout.job(id)) && !exists(layout.result(id))) {
        DurableFiles.move(layout.results().resolve(StateLayout.STAGED + id), layout.result(id));
      } else {
        ComposeStore.remove(layout.results(), StateLayout.STAGED + id);
      }
    }
    for (UUID id : ids(layout.jobs(), StateLayout.STAGED)) {
      ComposeStore.remove(layout.jobs(), StateLayout.STAGED + id);
    }
  }

  private ComposeRecord load(UUID id) throws IOException, InterruptedException {
    try {
      Path state = layout.job(id).resolve(ComposeRecord.FILE);
      ComposeRecord record = SpecJson.read(Files.readAllBytes(state), ComposeRecord.class);
      require(record.id().equals(id), "state.json is of compose " + record.id());
      require(exists(layout.result(id)), "its results directory is gone");
      if (!record.state().ended()) {
        byte[] spec = Files.readAllBytes(layout.job(id).resolve(JobSpec.FILE));
        require(
            SpecJson.read(spec, JobSpec.class).composeId().equals(id), "spec.json is another's");
      }
      store.mirror(record);
      return record;
    } catch (IOException e) {
      LOG.log(Level.ERROR, "compose " + id + " is damaged: " + e.getMessage());
      endProcesses(id);
      return damaged(id);
    }
  }

  /** Without a readable state the cgroup is found by its name. */
  private void endProcesses(UUID id) throws IOException, InterruptedException {
    try (var children =
        Files.newDirectoryStream(cgroups.path(), JobPolicy.cgroupPrefix(id) + "*")) {
      for (Path child : children) {
        if (!new Cgroup(child).killAndRemove(Duration.ofSeconds(10))) {
          LOG.log(Level.ERROR, "processes in {0} do not end", child);
        }
      }
    }
  }

  private ComposeRecord damaged(UUID id) throws IOException {
    Path at = exists(layout.job(id)) ? layout.job(id) : layout.result(id);
    long time = Files.getLastModifiedTime(at, LinkOption.NOFOLLOW_LINKS).toMillis();
    var failure =
        new ComposeRecord.Failure(
            FailureCode.DAMAGED,
            "",
            "the files of this compose are damaged",
            "delete it and start it again; see the worker's log for the file");
    return new ComposeRecord(
        id,
        0,
        "",
        "unknown",
        "0.0.0",
        "unknown",
        ComposeState.FAILED,
        time,
        OptionalLong.empty(),
        OptionalLong.of(time),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(failure),
        List.of());
  }

  private static void require(boolean condition, String otherwise) throws IOException {
    if (!condition) {
      throw new IOException(otherwise);
    }
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static List<UUID> ids(Path directory, String prefix) throws IOException {
    try (SafeDirectory entries = SafeDirectory.open(directory)) {
      return entries.names().stream()
          .map(name -> StateLayout.idOf(name, prefix))
          .flatMap(Optional::stream)
          .toList();
    }
  }
}
