package io.weldr.worker.installer;

import io.weldr.worker.host.Failpoint;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.JobSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;

/**
 * Package archives by their SHA-256, shared by all composes. A compose works on hard links of its
 * own, so an archive may leave the cache at any time.
 *
 * <p>Security: the directory belongs to root. An archive is hashed while it is copied in and again
 * whenever it is taken out, so neither the unprivileged helper that downloaded it nor a power cut
 * can put other bytes under a hash. Links are not followed.
 */
final class PackageCache {
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private final Path directory;
  private final String unfinished;

  /**
   * @param composeId who adds
   */
  PackageCache(Path directory, UUID composeId) {
    this.directory = directory;
    this.unfinished = JobSettings.unfinished(composeId);
  }

  /**
   * Links a cached archive; false when it is not there. One that is damaged is removed.
   *
   * @param sha256 64 lower case hex digits
   */
  boolean take(String sha256, Path link) throws IOException {
    Path cached = file(sha256);
    if (!linkOrCopy(cached, link)) {
      return false;
    }
    if (hash(link).equals(sha256)) {
      used(cached);
      return true;
    }
    Files.delete(link);
    Files.deleteIfExists(cached);
    return false;
  }

  /**
   * Copies a downloaded archive in.
   *
   * @param size bytes it must have
   * @throws BuildException BAD_CHECKSUM when it is not the archive of that hash and size
   */
  void add(Path downloaded, String sha256, long size) throws BuildException, IOException {
    Path target = file(sha256);
    Files.createDirectories(target.getParent());
    Path temporary = directory.resolve(unfinished + UUID.randomUUID());
    try {
      if (!copy(downloaded, temporary, size).equals(sha256)) {
        throw new BuildException(
            FailureCode.BAD_CHECKSUM,
            "a downloaded package is not the one that was solved for (SHA-256 " + sha256 + ")",
            "Start the compose again; if it happens again, check the source.");
      }
      Failpoint.BEFORE_CACHED.hit();
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      Failpoint.CACHED.hit();
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** The time of last use decides what leaves a full cache first. */
  private static void used(Path cached) throws IOException {
    try {
      Files.setLastModifiedTime(cached, FileTime.from(Instant.now()));
    } catch (NoSuchFileException e) {
      // It left just now; the link keeps it for this compose.
      return;
    }
  }

  private Path file(String sha256) {
    return directory.resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  private static boolean linkOrCopy(Path cached, Path link) throws IOException {
    if (!Files.isRegularFile(cached, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      Files.createLink(link, cached);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (FileSystemException e) {
      // Another file system, or one without hard links.
      copy(cached, link, Files.size(cached));
      return true;
    }
  }

  /** The SHA-256 of what was copied; empty when there is more than the size. */
  private static String copy(Path from, Path to, long size) throws IOException {
    MessageDigest digest = sha256();
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));
    try (InputStream in = open(from);
        OutputStream out = Channels.newOutputStream(FileChannel.open(to, NEW, mode))) {
      byte[] buffer = new byte[1 << 16];
      long left = size;
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        left -= count;
        if (left < 0) {
          return "";
        }
        digest.update(buffer, 0, count);
        out.write(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = open(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static InputStream open(Path file) throws IOException {
    return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS, StandardOpenOption.READ);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
