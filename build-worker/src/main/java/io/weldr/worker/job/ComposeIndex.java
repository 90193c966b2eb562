package io.weldr.worker.job;

import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.host.Failpoint;
import io.weldr.worker.spec.SpecJson;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * What the state files of composes that have ended say, together in {@code composes.index}: a start
 * reads that much faster than ten thousand files. The state files stay the truth: what the index
 * says of one counts only while that file has the time of change and the size it had when it was
 * read. A missing, old or damaged index costs time and nothing else; it can be deleted.
 *
 * <p>Security: root's alone, in a directory that only root can write.
 */
final class ComposeIndex {
  private static final Logger LOG = System.getLogger(ComposeIndex.class.getName());

  /** Bytes; each compose takes some 250. */
  private static final int LARGEST = 256 << 20;

  private final StateLayout layout;
  private final Path file;

  /** What the file has. */
  private Map<UUID, Entry> entries = Map.of();

  ComposeIndex(StateLayout layout) {
    this.layout = layout;
    this.file = layout.lib().resolve("composes.index");
  }

  /**
   * By what a change of a state file is seen; every write of a state makes a new file.
   *
   * @param modified nanoseconds since the epoch
   * @param size bytes
   */
  record Stamp(long modified, long size) {
    private static Stamp of(BasicFileAttributes file) {
      return new Stamp(file.lastModifiedTime().to(TimeUnit.NANOSECONDS), file.size());
    }
  }

  /**
   * One compose.
   *
   * @param stamp of its state file, from before that was read
   */
  record Entry(Stamp stamp, ComposeRecord record) {}

  /** Reads what an earlier worker has left. */
  synchronized void read() {
    try {
      entries = IndexFormat.decode(DurableFiles.read(file, LARGEST));
    } catch (NoSuchFileException e) {
      entries = Map.of();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "every compose is read by itself: " + e.getMessage());
      entries = Map.of();
    }
  }

  /** The state of a compose that has ended, when its file is still the one that was read. */
  Optional<ComposeRecord> find(UUID id) throws IOException {
    Entry entry = known(id);
    return entry != null && present(id).filter(entry.stamp()::equals).isPresent()
        ? Optional.of(entry.record())
        : Optional.empty();
  }

  /**
   * Writes it anew when it has too little or too much.
   *
   * @param composes all there are
   * @param tolerated so many differences may stay
   * @throws IOException when it cannot be written; the old one is still there then
   */
  synchronized void update(List<ComposeRecord> composes, int tolerated) throws IOException {
    Map<UUID, Entry> present = new HashMap<>();
    List<ComposeRecord> lacking = new ArrayList<>();
    for (ComposeRecord record : composes) {
      Entry known = entries.get(record.id());
      if (known != null && known.record() == record) {
        present.put(record.id(), known);
      } else if (lasting(record)) {
        lacking.add(record);
      }
    }
    if (lacking.size() + entries.size() - present.size() > tolerated) {
      for (ComposeRecord record : lacking) {
        entry(record).ifPresent(entry -> present.put(record.id(), entry));
      }
      write(IndexFormat.encode(present));
      entries = present;
    }
  }

  private synchronized Entry known(UUID id) {
    return entries.get(id);
  }

  /** Nothing of it will ever change again, and all of it is in its state file. */
  private static boolean lasting(ComposeRecord record) {
    return record.state().ended()
        && record.cgroup().isEmpty()
        && record.progress().isEmpty()
        && !record.isDamaged();
  }

  /** As the file says it; what somebody made of the file meanwhile is left to the next start. */
  private Optional<Entry> entry(ComposeRecord record) {
    try {
      Optional<Stamp> before = present(record.id());
      byte[] json = DurableFiles.read(state(record.id()), ComposeRecord.LARGEST);
      return SpecJson.read(json, ComposeRecord.class).equals(record)
          ? before.map(stamp -> new Entry(stamp, record))
          : Optional.empty();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "not in the index: " + record.id(), e);
      return Optional.empty();
    }
  }

  private Optional<Stamp> present(UUID id) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(state(id), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return found.isRegularFile() ? Optional.of(Stamp.of(found)) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private Path state(UUID id) {
    return layout.job(id).resolve(ComposeRecord.FILE);
  }

  /** Not synced: what a power cut leaves of it is told by its checksum. */
  private void write(byte[] content) throws IOException {
    Path beside = file.resolveSibling("composes.index.new");
    Files.deleteIfExists(beside);
    try (FileChannel channel =
        FileChannel.open(
            beside,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      DurableFiles.writeAll(channel, content);
    }
    Failpoint.BEFORE_INDEX.hit();
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    Failpoint.INDEXED.hit();
  }
}
