package io.weldr.api.blueprint;

import io.weldr.api.store.DurableFiles;
import io.weldr.api.store.Failpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Writes git objects into the {@code objects} directory of a repository. What is written plainly is
 * visible at once and survives the end of the process; what is written durably survives a power cut
 * too.
 */
final class ObjectFiles {
  private static final int MAX_ATTEMPTS = 10;
  private static final AtomicLong COUNTER = new AtomicLong();

  private final Path objects;

  /**
   * A writer.
   *
   * @param objects the {@code objects} directory of a repository
   */
  ObjectFiles(Path objects) {
    this.objects = objects;
  }

  /**
   * Writes loose objects plainly, even those that are there already: garbage collection, ours or
   * that of another git, may be about to remove an old file that nothing refers to yet.
   */
  void writeLoose(List<GitObject> batch) throws IOException {
    for (GitObject object : batch) {
      write(loose(object.id()), object.loose(), false);
    }
  }

  /**
   * Makes durable what was written plainly. What is not there any more was put into a pack by
   * garbage collection, with an fsync of its own.
   *
   * @param ids of objects, loose or in one of the packs
   */
  void sync(Collection<ObjectId> ids, Collection<String> packs) throws IOException {
    Path directory = objects.resolve("pack");
    Set<Path> directories = new LinkedHashSet<>(List.of(directory));
    for (ObjectId id : ids) {
      if (DurableFiles.sync(loose(id))) {
        directories.add(directory(id));
      }
    }
    for (String pack : packs) {
      DurableFiles.sync(directory.resolve(pack + ".pack"));
      DurableFiles.sync(directory.resolve(pack + ".idx"));
    }
    sync(directories);
  }

  /** Writes a pack and its index plainly. */
  void writePack(PackStream pack) throws IOException {
    writePack(pack, false);
  }

  /** Writes a pack and its index durably. */
  void writePackDurably(PackStream pack) throws IOException {
    writePack(pack, true);
    sync(List.of(objects.resolve("pack")));
  }

  private void writePack(PackStream pack, boolean durably) throws IOException {
    byte[] content = pack.finish();
    Path directory = objects.resolve("pack");
    // A pack without index is invisible, so the index comes last.
    write(directory.resolve(pack.name() + ".pack"), content, durably);
    write(directory.resolve(pack.name() + ".idx"), pack.index(), durably);
  }

  /** Removes, durably, what was written plainly of objects that are also in a durable pack. */
  void removeCopies(Collection<ObjectId> ids, Collection<String> packs) throws IOException {
    Set<Path> directories = new LinkedHashSet<>();
    for (ObjectId id : ids) {
      if (Files.deleteIfExists(loose(id))) {
        directories.add(directory(id));
      }
    }
    for (String pack : packs) {
      for (String suffix : List.of(".idx", ".pack")) {
        Files.deleteIfExists(objects.resolve("pack").resolve(pack + suffix));
        directories.add(objects.resolve("pack"));
      }
    }
    sync(directories);
  }

  private Path directory(ObjectId id) {
    return objects.resolve(id.name().substring(0, 2));
  }

  private Path loose(ObjectId id) {
    return directory(id).resolve(id.name().substring(2));
  }

  private void sync(Collection<Path> directories) throws IOException {
    for (Path directory : directories) {
      // Garbage collection removes directories that are empty.
      DurableFiles.sync(directory);
    }
    DurableFiles.syncDirectory(objects);
  }

  private void write(Path target, byte[] content, boolean durably) throws IOException {
    Path temporary = objects.resolve("tmp_obj_" + COUNTER.incrementAndGet());
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--r--r--")))) {
      DurableFiles.writeAll(channel, content);
      if (durably) {
        Failpoint.FILE_BEFORE_SYNC.hit();
        channel.force(true);
        Failpoint.FILE_SYNCED.hit();
      }
      rename(temporary, target);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** Garbage collection removes directories that are empty at the moment. */
  private static void rename(Path temporary, Path target) throws IOException {
    for (int attempt = 1; true; attempt++) {
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (NoSuchFileException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
        Files.createDirectories(target.getParent());
      }
    }
  }

  static byte[] deflated(int level, byte[]... parts) throws IOException {
    Deflater deflater = new Deflater(level);
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater, 8192)) {
        for (byte[] part : parts) {
          out.write(part);
        }
      }
      return bytes.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
