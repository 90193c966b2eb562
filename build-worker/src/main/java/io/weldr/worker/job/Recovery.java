package io.weldr.worker.job;

import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.host.ResourceControl;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SpecJson;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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

  /** A request of the private protocol has at most a mebibyte; JSON escapes some of it. */
  private static final int LARGEST_SPEC = 16 << 20;

  private final ComposeStore store;
  private final StateLayout layout;
  private final ResultCheck check;
  private final Cgroup cgroups;
  private final ResourceControl control;

  Recovery(ComposeStore store, Cgroup cgroups, ResourceControl control) {
    this.store = store;
    this.control = control;
    this.layout = store.layout();
    this.check = new ResultCheck(layout);
    this.cgroups = cgroups;
  }

  /**
   * All composes, oldest first.
   *
   * @throws IOException when the two directories themselves cannot be read
   */
  List<ComposeRecord> composes() throws IOException, InterruptedException {
    store.index().read();
    Set<String> names = names();
    if (names.stream().anyMatch(Recovery::isInterrupted)) {
      finishDeletions();
      finishAcceptances();
      names = names();
    }
    List<UUID> ids = new ArrayList<>(names.size());
    names.forEach(name -> StateLayout.idOf(name, "").ifPresent(ids::add));
    List<ComposeRecord> found = loadAll(ids);
    found.sort(
        Comparator.comparingLong(ComposeRecord::sequence)
            .thenComparingLong(ComposeRecord::createdMs));
    return found;
  }

  /** On all cores: ten thousand composes are read at every start. */
  private List<ComposeRecord> loadAll(List<UUID> ids) throws IOException, InterruptedException {
    int threads = Runtime.getRuntime().availableProcessors();
    int share = ids.size() / threads + 1;
    try (ExecutorService readers = Executors.newFixedThreadPool(threads)) {
      List<Callable<List<ComposeRecord>>> loads = new ArrayList<>();
      for (int from = 0; from < ids.size(); from += share) {
        List<UUID> part = ids.subList(from, Math.min(from + share, ids.size()));
        loads.add(() -> load(part));
      }
      List<ComposeRecord> found = new ArrayList<>(ids.size());
      for (Future<List<ComposeRecord>> load : readers.invokeAll(loads)) {
        found.addAll(load.get());
      }
      return found;
    } catch (ExecutionException e) {
      throw new IOException("the composes cannot be read: " + e.getCause().getMessage(), e);
    }
  }

  private List<ComposeRecord> load(List<UUID> ids) throws IOException, InterruptedException {
    List<ComposeRecord> found = new ArrayList<>(ids.size());
    for (UUID id : ids) {
      found.add(load(id));
    }
    return found;
  }

  /** In both directories. */
  private Set<String> names() throws IOException {
    Set<String> names = new HashSet<>(names(layout.jobs()));
    names.addAll(names(layout.results()));
    return names;
  }

  private static boolean isInterrupted(String name) {
    return name.startsWith(StateLayout.STAGED) || name.startsWith(StateLayout.DELETED);
  }

  private void finishDeletions() throws IOException {
    for (UUID id : ids(layout.jobs(), StateLayout.DELETED)) {
      leavingWhatStays(() -> store.purge(id));
    }
    for (UUID id : ids(layout.results(), StateLayout.DELETED)) {
      leavingWhatStays(() -> ComposeStore.remove(layout.results(), StateLayout.DELETED + id));
    }
  }

  private void finishAcceptances() throws IOException {
    for (UUID id : ids(layout.results(), StateLayout.STAGED)) {
      if (exists(layout.job(id)) && !exists(layout.result(id))) {
        DurableFiles.move(layout.results().resolve(StateLayout.STAGED + id), layout.result(id));
      } else {
        leavingWhatStays(() -> ComposeStore.remove(layout.results(), StateLayout.STAGED + id));
      }
    }
    for (UUID id : ids(layout.jobs(), StateLayout.STAGED)) {
      leavingWhatStays(() -> ComposeStore.remove(layout.jobs(), StateLayout.STAGED + id));
    }
  }

  @FunctionalInterface
  private interface Removal {
    void run() throws IOException;
  }

  /** Hidden names show nowhere; the next start tries again. */
  private static void leavingWhatStays(Removal removal) {
    try {
      removal.run();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "left until the next start: " + e.getMessage());
    }
  }

  private ComposeRecord load(UUID id) throws IOException, InterruptedException {
    ComposeRecord record;
    try {
      record = stored(id);
    } catch (IOException e) {
      LOG.log(Level.ERROR, "compose " + id + " is damaged: " + e.getMessage());
      endProcesses(id);
      return unknown(id).damaged(JobFailures.damaged(e.getMessage()));
    }
    Optional<String> missing = check.missing(record);
    if (missing.isPresent()) {
      LOG.log(Level.ERROR, "compose " + id + " is damaged: " + missing.get());
      endProcesses(id);
      return record.damaged(JobFailures.damaged(missing.get()));
    }
    if (!record.state().ended()) {
      // Those that have ended, by the thousand, are tidied by housekeeping.
      store.tidy(record);
    }
    return record;
  }

  private ComposeRecord stored(UUID id) throws IOException {
    Optional<ComposeRecord> known = store.index().find(id);
    ComposeRecord record = known.isPresent() ? known.get() : read(id);
    if (!record.state().ended()) {
      byte[] spec = content(layout.job(id).resolve(JobSpec.FILE), LARGEST_SPEC);
      JobSpec job = parsed(JobSpec.FILE, spec, JobSpec.class);
      require(job.composeId().equals(id), "spec.json is another's");
    }
    return record;
  }

  private ComposeRecord read(UUID id) throws IOException {
    byte[] json = content(layout.job(id).resolve(ComposeRecord.FILE), ComposeRecord.LARGEST);
    ComposeRecord record = parsed(ComposeRecord.FILE, json, ComposeRecord.class);
    require(record.id().equals(id), "state.json is of compose " + record.id());
    return record;
  }

  private static byte[] content(Path file, int most) throws IOException {
    try {
      return DurableFiles.read(file, most);
    } catch (NoSuchFileException e) {
      throw new IOException(file.getFileName() + " is missing", e);
    }
  }

  /** What the parser says is for developers. */
  private static <T> T parsed(String name, byte[] json, Class<T> type) throws IOException {
    try {
      return SpecJson.read(json, type);
    } catch (IOException e) {
      throw new IOException(name + " is not complete", e);
    }
  }

  /** Without a readable state the cgroup is found by its name. */
  private void endProcesses(UUID id) throws IOException, InterruptedException {
    try (var children =
        Files.newDirectoryStream(cgroups.path(), JobPolicy.cgroupPrefix(id) + "*")) {
      for (Path child : children) {
        if (!new Cgroup(child).killAndRemove(Duration.ofSeconds(10))) {
          LOG.log(Level.ERROR, "processes in {0} do not end", child);
          return;
        }
      }
    }
    control.removeCompanions(JobPolicy.cgroupPrefix(id));
  }

  /** All that can be said without a state. */
  private ComposeRecord unknown(UUID id) throws IOException {
    Path at = exists(layout.job(id)) ? layout.job(id) : layout.result(id);
    long time = Files.getLastModifiedTime(at, LinkOption.NOFOLLOW_LINKS).toMillis();
    return ComposeRecord.unknown(id, time);
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
    return names(directory).stream()
        .map(name -> StateLayout.idOf(name, prefix))
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<String> names(Path directory) throws IOException {
    // By far the fastest way to ten thousand names.
    String[] names = directory.toFile().list();
    if (names == null) {
      throw new IOException(directory + " cannot be listed");
    }
    return List.of(names);
  }
}
