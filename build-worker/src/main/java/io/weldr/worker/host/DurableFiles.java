package io.weldr.worker.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Files that are there whole or not at all after a power cut: written beside the target, fsynced,
 * renamed, directory fsynced.
 *
 * <p>Security: for directories that only root can write. Files are made with O_EXCL under a fresh
 * name with their final mode before any content goes in, so that nothing planted is followed and
 * nobody reads early.
 */
public final class DurableFiles {
  /** As {@link #temporaryBeside} makes them: name, process id, serial number. */
  private static final Predicate<String> UNFINISHED =
      Pattern.compile("\\..+\\.[0-9]+\\.[0-9]+\\.tmp").asMatchPredicate();

  private static final AtomicLong SERIAL = new AtomicLong();

  private DurableFiles() {}

  /** Replaces or makes {@code target}. */
  public static void write(Path target, byte[] content, Access access) throws IOException {
    Path temporary = temporaryBeside(target);
    try {
      create(temporary, content, access);
      rename(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
    syncDirectory(directoryOf(target));
  }

  /**
   * Reads a small file.
   *
   * @param most bytes it may have
   * @throws IOException also when it is larger or not a plain file, of which opening may never end
   */
  public static byte[] read(Path file, int most) throws IOException {
    var found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isRegularFile()) {
      throw new IOException(file.getFileName() + " is not a file");
    }
    if (found.size() > most) {
      throw new IOException(file.getFileName() + " has " + found.size() + " bytes");
    }
    return Files.readAllBytes(file);
  }

  /** Removes what {@link #write} left in a directory when its process was killed. */
  public static void removeUnfinished(Path directory) throws IOException {
    try (DirectoryStream<Path> unfinished =
        Files.newDirectoryStream(
            directory, file -> UNFINISHED.test(file.getFileName().toString()))) {
      for (Path file : unfinished) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Whether there is a plain file with exactly this content. */
  public static boolean holds(Path file, byte[] content) {
    try {
      return Arrays.equals(read(file, content.length), content);
    } catch (IOException e) {
      return false;
    }
  }

  /** Makes a new file and fsyncs it; the caller fsyncs the directory. */
  public static void create(Path file, byte[] content, Access access) throws IOException {
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var closed = PosixFilePermissions.fromString("rw-------");
    try (FileChannel channel =
        FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(closed))) {
      apply(file, access);
      writeAll(channel, content);
      sync(channel);
    }
  }

  /** A channel may take a part of it at a time. Nothing is durable yet. */
  public static void writeAll(FileChannel file, byte[] content) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(content);
    while (rest.hasRemaining()) {
      file.write(rest);
    }
  }

  /** Makes one directory; the caller fsyncs the parent. */
  public static void createDirectory(Path directory, Access access) throws IOException {
    var closed = PosixFilePermissions.fromString("rwx------");
    Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(closed));
    apply(directory, access);
  }

  /**
   * Gives a complete file its final name in the same file system: fsync, rename, fsync both
   * directories. An existing target is replaced.
   */
  public static void publish(Path staged, Path target, Access access) throws IOException {
    apply(staged, access);
    try (FileChannel channel = FileChannel.open(staged, StandardOpenOption.WRITE)) {
      sync(channel);
    }
    move(staged, target);
  }

  /** Renames and fsyncs both directories. */
  public static void move(Path from, Path to) throws IOException {
    rename(from, to);
    syncDirectory(directoryOf(to));
    if (!directoryOf(from).equals(directoryOf(to))) {
      syncDirectory(directoryOf(from));
    }
  }

  /** Makes names in the directory durable. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      Failpoint.DIRECTORY_BEFORE_SYNC.hit();
      channel.force(true);
      Failpoint.DIRECTORY_SYNCED.hit();
    }
  }

  /** Sets owner root, the group and the mode, without following a link. */
  public static void apply(Path path, Access access) throws IOException {
    Files.setAttribute(path, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", access.gid(), LinkOption.NOFOLLOW_LINKS);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(access.permissions()));
  }

  /** Makes what was written to a file so far durable. */
  public static void sync(FileChannel file) throws IOException {
    Failpoint.FILE_BEFORE_SYNC.hit();
    file.force(true);
    Failpoint.FILE_SYNCED.hit();
  }

  private static void rename(Path from, Path to) throws IOException {
    Failpoint.BEFORE_RENAME.hit();
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Failpoint.RENAMED.hit();
  }

  private static Path temporaryBeside(Path target) {
    String name = "." + target.getFileName() + "." + ProcessHandle.current().pid();
    return target.resolveSibling(name + "." + SERIAL.incrementAndGet() + ".tmp");
  }

  private static Path directoryOf(Path path) {
    return path.toAbsolutePath().getParent();
  }
}
