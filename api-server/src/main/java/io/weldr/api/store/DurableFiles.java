package io.weldr.api.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Changes to files that are complete or absent after a crash, and present after a power cut once
 * the method has returned: write a temporary file beside the target, fsync, rename, fsync the
 * directory.
 *
 * <p>Temporary names start with {@code .tmp-}; {@link #isTemporary(Path)} recognises what a killed
 * process left behind.
 */
public final class DurableFiles {
  private static final String TEMPORARY_PREFIX = ".tmp-";
  private static final AtomicLong COUNTER = new AtomicLong();
  private static final long PROCESS = ProcessHandle.current().pid();

  private DurableFiles() {}

  /** Creates or replaces {@code target}, readable by its owner only (0600). */
  public static void write(Path target, byte[] content) throws IOException {
    write(target, content, PosixFilePermissions.fromString("rw-------"));
  }

  /**
   * Creates or replaces {@code target} with exactly these permissions.
   *
   * @throws IOException when any step fails; the old content is then still in place
   */
  public static void write(Path target, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    Path directory = directoryOf(target);
    Path temporary =
        directory.resolve(
            TEMPORARY_PREFIX + PROCESS + "-" + COUNTER.incrementAndGet() + "-" + name(target));
    boolean renamed = false;
    try {
      writeNew(temporary, content, permissions);
      rename(temporary, target);
      renamed = true;
    } finally {
      if (!renamed) {
        Files.deleteIfExists(temporary);
      }
    }
    syncDirectory(directory);
  }

  /** Renames within one file system, replacing the target, and makes both directories durable. */
  public static void move(Path from, Path to) throws IOException {
    rename(from, to);
    syncDirectory(directoryOf(to));
    if (!directoryOf(from).equals(directoryOf(to))) {
      syncDirectory(directoryOf(from));
    }
  }

  /** Removes a file; returns whether there was one. */
  public static boolean delete(Path target) throws IOException {
    Failpoint.BEFORE_REMOVE.hit();
    boolean existed = Files.deleteIfExists(target);
    Failpoint.REMOVED.hit();
    if (existed) {
      syncDirectory(directoryOf(target));
    }
    return existed;
  }

  /** Creates a directory and its missing parents; links in the place of directories are refused. */
  public static void createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path parent = directoryOf(directory);
    if (!Files.isDirectory(parent)) {
      createDirectories(parent);
    }
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
    syncDirectory(parent);
  }

  /** Makes a file or directory durable; false when it does not exist. */
  public static boolean sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Failpoint.FILE_BEFORE_SYNC.hit();
      channel.force(true);
      Failpoint.FILE_SYNCED.hit();
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Makes creations, renames and removals in {@code directory} durable. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      Failpoint.DIRECTORY_BEFORE_SYNC.hit();
      channel.force(true);
      Failpoint.DIRECTORY_SYNCED.hit();
    }
  }

  /** Whether a file was left behind by a {@link #write} that did not finish. */
  public static boolean isTemporary(Path file) {
    return name(file).startsWith(TEMPORARY_PREFIX);
  }

  /** A channel may take a part of it at a time. Nothing is durable yet. */
  public static void writeAll(FileChannel file, byte[] content) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(content);
    while (rest.hasRemaining()) {
      file.write(rest);
    }
  }

  private static void writeNew(Path file, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(permissions))) {
      writeAll(channel, content);
      // The umask may have taken bits away at creation.
      Files.setPosixFilePermissions(file, permissions);
      Failpoint.FILE_BEFORE_SYNC.hit();
      channel.force(true);
      Failpoint.FILE_SYNCED.hit();
    }
  }

  private static void rename(Path from, Path to) throws IOException {
    Failpoint.BEFORE_RENAME.hit();
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Failpoint.RENAMED.hit();
  }

  private static Path directoryOf(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no parent directory: " + path);
    }
    return parent;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
