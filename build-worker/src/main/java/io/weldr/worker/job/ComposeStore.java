package io.weldr.worker.job;

import io.weldr.worker.host.Access;
import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.host.SafeDirectory;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.SpecJson;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Composes on disk: {@code jobs/UUID} (spec, state, events, work area) and {@code results/UUID}
 * (what users may read).
 *
 * <p>A compose is accepted by the rename of its job directory; before that rename everything of it
 * is complete and synced under hidden names, and after it the results directory gets its name. A
 * compose is deleted by the rename of its job directory too. What a power cut leaves between two
 * renames is told by the names alone and carried to its end by {@link Recovery}.
 *
 * <p>Security: both directories are root's; jobs can be entered by root only, results are readable
 * by the group. Destinations come from the UUID alone.
 */
final class ComposeStore {
  private static final Logger LOG = System.getLogger(ComposeStore.class.getName());
  private static final DateTimeFormatter LOG_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS").withZone(ZoneOffset.UTC);

  private final StateLayout layout;
  private final ComposeIndex index;

  ComposeStore(StateLayout layout) {
    this.layout = layout;
    this.index = new ComposeIndex(layout);
  }

  /** What a start knows without reading every state. */
  ComposeIndex index() {
    return index;
  }

  StateLayout layout() {
    return layout;
  }

  /** Stores a new compose; when this returns it survives a power cut. */
  void accept(JobSpec job, Recipes.Documents documents, ComposeRecord record) throws IOException {
    UUID id = record.id();
    unstage(id);
    try {
      stageResult(stagedResult(id), ResultDocuments.of(job, documents, record));
      stageJob(stagedJob(id), job, record);
      DurableFiles.syncDirectory(layout.results());
      DurableFiles.syncDirectory(layout.jobs());
      DurableFiles.move(stagedJob(id), layout.job(id));
      DurableFiles.move(stagedResult(id), layout.result(id));
    } catch (IOException e) {
      withdraw(id, e);
      throw e;
    }
  }

  /** Stores the present state. */
  void save(ComposeRecord record) throws IOException {
    Path file = layout.job(record.id()).resolve(ComposeRecord.FILE);
    DurableFiles.write(file, SpecJson.bytes(record), Access.ROOT_FILE);
  }

  /** Brings STATUS and times.toml of the results in line with the state. */
  void mirror(ComposeRecord record) throws IOException {
    Path result = layout.result(record.id());
    replace(result.resolve(ResultDocuments.TIMES), ResultDocuments.times(record));
    replace(result.resolve(ResultDocuments.STATUS), record.state().statusFile());
  }

  /** Mirrors when STATUS, which is written last, shows another state. */
  private void mirrorIfBehind(ComposeRecord record) throws IOException {
    Path status = layout.result(record.id()).resolve(ResultDocuments.STATUS);
    byte[] expected = record.state().statusFile().getBytes(StandardCharsets.UTF_8);
    if (!DurableFiles.holds(status, expected)) {
      mirror(record);
    }
  }

  /**
   * Removes what a killed write left, and brings what users read in line with the state. A full or
   * read-only disk takes nothing from what is known, so trouble is only logged.
   */
  void tidy(ComposeRecord record) {
    try {
      DurableFiles.removeUnfinished(layout.job(record.id()));
      DurableFiles.removeUnfinished(layout.result(record.id()));
      mirrorIfBehind(record);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING, "results of " + record.id() + " do not show its state: " + e.getMessage());
    }
  }

  /** Whether root put a file {@code pinned} into the directory of the job. */
  boolean pinned(UUID id) {
    return Files.exists(layout.job(id).resolve("pinned"), LinkOption.NOFOLLOW_LINKS);
  }

  /** The log that users see. */
  Path logFile(UUID id) {
    return layout.result(id).resolve(ResultDocuments.LOGS).resolve("combined.log");
  }

  /** What the log says so far survives a power cut when this returns. */
  void syncLog(UUID id) throws IOException {
    Path log = logFile(id);
    if (Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)) {
      try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
        DurableFiles.sync(channel);
      }
      DurableFiles.syncDirectory(log.getParent());
    }
  }

  /** Adds a line to the log that users see, which the job writes otherwise; it is durable then. */
  void log(UUID id, Instant time, String sentence) throws IOException {
    Path log = logFile(id);
    if (Files.exists(log, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(log + " is not a file");
    }
    String line = LOG_TIME.format(time) + " ERROR: " + sentence + "\n";
    Set<OpenOption> options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    try (FileChannel channel = FileChannel.open(log, options)) {
      DurableFiles.apply(log, Access.groupFile(layout.gid()));
      channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
      DurableFiles.sync(channel);
    }
  }

  /** Removes a compose that has ended. When this returns nothing brings it back. */
  void delete(UUID id) throws IOException {
    String hidden = StateLayout.DELETED + id;
    if (Files.exists(layout.job(id), LinkOption.NOFOLLOW_LINKS)) {
      DurableFiles.move(layout.job(id), layout.jobs().resolve(hidden));
    } else {
      DurableFiles.createDirectory(layout.jobs().resolve(hidden), Access.ROOT_DIRECTORY);
      DurableFiles.syncDirectory(layout.jobs());
    }
    if (Files.exists(layout.result(id), LinkOption.NOFOLLOW_LINKS)) {
      DurableFiles.move(layout.result(id), layout.results().resolve(hidden));
    }
  }

  /** Frees the space of a deleted compose; its hidden job directory goes last. */
  void purge(UUID id) throws IOException {
    remove(layout.results(), id.toString());
    remove(layout.results(), StateLayout.DELETED + id);
    remove(layout.jobs(), StateLayout.DELETED + id);
  }

  /** Removes the work area, and from the results whatever is not to stay. */
  void removeLeftovers(ComposeRecord record) throws IOException {
    remove(layout.job(record.id()), StateLayout.WORK);
    if (!Files.isDirectory(layout.result(record.id()), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (SafeDirectory result = SafeDirectory.open(layout.result(record.id()))) {
      for (String name : result.names()) {
        if (!ResultDocuments.isOurs(name, record)) {
          result.remove(name);
        }
      }
    }
  }

  static void remove(Path directory, String name) throws IOException {
    try (SafeDirectory parent = SafeDirectory.open(directory)) {
      parent.remove(name);
    }
  }

  /** A compose that could not be stored to the end must not appear after a restart. */
  private void withdraw(UUID id, IOException cause) {
    try {
      if (Files.exists(layout.job(id), LinkOption.NOFOLLOW_LINKS)) {
        delete(id);
        purge(id);
      }
      unstage(id);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void unstage(UUID id) throws IOException {
    remove(layout.jobs(), StateLayout.STAGED + id);
    remove(layout.results(), StateLayout.STAGED + id);
  }

  private Path stagedJob(UUID id) {
    return layout.jobs().resolve(StateLayout.STAGED + id);
  }

  private Path stagedResult(UUID id) {
    return layout.results().resolve(StateLayout.STAGED + id);
  }

  private void replace(Path file, String text) throws IOException {
    DurableFiles.write(file, text.getBytes(StandardCharsets.UTF_8), Access.groupFile(layout.gid()));
  }

  private void stageResult(Path staged, Map<String, byte[]> files) throws IOException {
    Access directory = Access.groupDirectory(layout.gid());
    DurableFiles.createDirectory(staged, directory);
    for (var file : files.entrySet()) {
      DurableFiles.create(
          staged.resolve(file.getKey()), file.getValue(), Access.groupFile(layout.gid()));
    }
    DurableFiles.createDirectory(staged.resolve(ResultDocuments.LOGS), directory);
    DurableFiles.syncDirectory(staged);
  }

  private void stageJob(Path staged, JobSpec job, ComposeRecord record) throws IOException {
    DurableFiles.createDirectory(staged, Access.ROOT_DIRECTORY);
    DurableFiles.create(staged.resolve(JobSpec.FILE), SpecJson.bytes(job), Access.ROOT_FILE);
    DurableFiles.create(
        staged.resolve(ComposeRecord.FILE), SpecJson.bytes(record), Access.ROOT_FILE);
    DurableFiles.syncDirectory(staged);
  }
}
