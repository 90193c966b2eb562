package io.weldr.api.blueprint;

import io.weldr.api.store.DurableFiles;
import io.weldr.api.store.Failpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes git objects so that they survive a power cut once the method has returned. A few objects
 * become loose files; many become one pack, which costs two fsyncs however many there are.
 */
final class ObjectFiles {
  private static final int MOST_LOOSE = 9;
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

  void write(List<GitObject> batch) throws IOException {
    if (batch.size() <= MOST_LOOSE) {
      writeLoose(batch);
    } else {
      writePack(batch);
    }
  }

  /**
   * Writes even what is there already: garbage collection, ours or that of another git, may be
   * about to remove an old file that nothing refers to yet.
   */
  private void writeLoose(List<GitObject> batch) throws IOException {
    Set<Path> directories = new LinkedHashSet<>();
    for (GitObject object : batch) {
      String hex = object.id().name();
      Path directory = objects.resolve(hex.substring(0, 2));
      writeNew(directory.resolve(hex.substring(2)), deflated(object.header(), object.content()));
      directories.add(directory);
    }
    for (Path directory : directories) {
      try {
        DurableFiles.syncDirectory(directory);
      } catch (NoSuchFileException e) {
        // The object was in a pack too, and garbage collection removed the file and its directory.
      }
    }
    DurableFiles.syncDirectory(objects);
  }

  private void writePack(List<GitObject> batch) throws IOException {
    PackStream pack = new PackStream();
    batch.forEach(pack::add);
    byte[] content = pack.finish();
    Path directory = objects.resolve("pack");
    String name = "pack-" + HexFormat.of().formatHex(pack.checksum());
    // A pack without index is invisible, so the index comes last.
    writeNew(directory.resolve(name + ".pack"), content);
    writeNew(directory.resolve(name + ".idx"), pack.index());
    DurableFiles.syncDirectory(directory);
    DurableFiles.syncDirectory(objects);
  }

  private void writeNew(Path target, byte[] content) throws IOException {
    Path temporary = objects.resolve("tmp_obj_" + COUNTER.incrementAndGet());
    Files.deleteIfExists(temporary);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--r--r--")))) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      Failpoint.FILE_BEFORE_SYNC.hit();
      channel.force(true);
      Failpoint.FILE_SYNCED.hit();
      rename(temporary, target);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** Garbage collection removes directories that are empty at the moment. */
  private static void rename(Path temporary, Path target) throws IOException {
    for (int attempt = 1; true; attempt++) {
      Files.createDirectories(target.getParent());
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (NoSuchFileException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Trees are mostly hashes, which do not compress: the fastest level loses nothing. */
  static byte[] deflated(byte[]... parts) throws IOException {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
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
