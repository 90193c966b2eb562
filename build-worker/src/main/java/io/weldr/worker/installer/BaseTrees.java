package io.weldr.worker.installer;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.host.WorkArea;
import io.weldr.worker.spec.JobSettings;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * Debian trees with nothing but the Essential packages, packed, in the cache of packages and within
 * its bounds. They are installed first and by themselves, so composes that have the same ones begin
 * with the same tree.
 *
 * <p>Security: the directory belongs to root. A tree is found by the SHA-256 of everything that
 * went into it, and no script but those of these packages has run in it. It is unpacked in a
 * sandbox that sees nothing else. A damaged one, which zstd's checksum tells, is removed.
 */
final class BaseTrees {
  /** Changes whenever the way such a tree is made does. */
  private static final String FORMAT = "1";

  private final Path cache;
  private final String unfinished;

  /**
   * @param cache directory of {@link PackageCache}
   * @param composeId who adds
   */
  BaseTrees(Path cache, UUID composeId) {
    this.cache = cache;
    this.unfinished = JobSettings.unfinished(composeId);
  }

  /**
   * What a tree of these packages is found by.
   *
   * @param names of the archives with their SHA-256, in a fixed order
   * @param links top-level directories that are links into /usr
   */
  static String key(List<String> names, List<String> links) {
    String text = "%s\n%s\n%s\n".formatted(FORMAT, links, String.join("\n", names));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Makes a tree out of a cached one; false when there is none.
   *
   * @param tree must not be there yet, and is not afterwards if the answer is false
   */
  boolean unpack(String key, Path tree, StageReport report)
      throws IOException, InterruptedException {
    Path cached = file(key);
    if (!Files.isRegularFile(cached, LinkOption.NOFOLLOW_LINKS) || !used(cached)) {
      return false;
    }
    Files.createDirectory(tree);
    try {
      Sandbox.ofHostPrograms()
          .withCapabilities(
              "CAP_CHOWN",
              "CAP_DAC_OVERRIDE",
              "CAP_FOWNER",
              "CAP_FSETID",
              "CAP_SETFCAP",
              "CAP_MKNOD")
          .readOnly(cached, "/base.tar.zst")
          .writable(tree, "/tree")
          .command(
              "/usr/bin/tar",
              "--extract",
              "--file=/base.tar.zst",
              "--use-compress-program=/usr/bin/zstd -q",
              "--directory=/tree",
              "--preserve-permissions",
              "--numeric-owner",
              "--xattrs",
              "--xattrs-include=*")
          .check();
    } catch (SubprocessException e) {
      // Damaged, or there is no room; in that case making it tells.
      report.info("The cached tree of the Essential packages is not usable: " + e.getMessage());
      Files.deleteIfExists(cached);
      WorkArea.remove(tree);
      return false;
    }
    return true;
  }

  /** What was used last leaves a full cache last; false when it has left just now. */
  private static boolean used(Path cached) throws IOException {
    try {
      Files.setLastModifiedTime(cached, FileTime.from(Instant.now()));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Puts a tree into the cache. A compose can do without, so that it did not work is only told.
   *
   * @param scratch a directory of the work area that is not there yet
   */
  void pack(String key, Path tree, Path scratch, StageReport report)
      throws IOException, InterruptedException {
    Files.createDirectory(scratch);
    try {
      Sandbox.ofHostPrograms()
          .withCapabilities("CAP_DAC_READ_SEARCH")
          .readOnly(tree, "/tree")
          .writable(scratch, "/scratch")
          .command(
              "/usr/bin/tar",
              "--create",
              "--file=/scratch/base.tar.zst",
              "--use-compress-program=/usr/bin/zstd -q -T0 -1",
              "--directory=/tree",
              "--format=posix",
              "--numeric-owner",
              "--xattrs",
              "--xattrs-include=*",
              ".")
          .check();
      add(scratch.resolve("base.tar.zst"), file(key));
    } catch (IOException e) {
      report.info("The tree of the Essential packages is not cached: " + e.getMessage());
    } finally {
      WorkArea.remove(scratch);
    }
  }

  private void add(Path packed, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Path temporary = cache.resolve(unfinished + UUID.randomUUID());
    try {
      Files.copy(packed, temporary);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private Path file(String key) {
    return cache.resolve(key.substring(0, 2)).resolve(key + ".tar.zst");
  }
}
