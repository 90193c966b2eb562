package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.image.Checksum;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageCacheTest {
  @TempDir Path directory;

  private Path downloaded;
  private String sha256;
  private PackageCache cache;

  @BeforeEach
  void download() throws IOException {
    downloaded = Files.writeString(directory.resolve("downloaded"), "an archive");
    sha256 = Checksum.sha256(downloaded);
    cache = new PackageCache(directory.resolve("cache"), UUID.randomUUID());
  }

  @Test
  void whatWasAddedCanBeTakenAndSurvivesTheCache() throws Exception {
    Path link = directory.resolve("link");
    assertFalse(cache.take(sha256, link));
    cache.add(downloaded, sha256, 10);

    assertTrue(cache.take(sha256, link));
    Files.delete(cached());

    assertEquals("an archive", Files.readString(link));
  }

  @Test
  void otherContentIsRefusedAndNotKept() throws Exception {
    Files.writeString(downloaded, "an-archive");
    refused(10);
  }

  @Test
  void aLongerOrShorterFileIsRefused() throws Exception {
    refused(9);
    Files.writeString(downloaded, "an archive and more");
    refused(10);
    Files.writeString(downloaded, "an arch");
    refused(10);
  }

  @Test
  void aLinkIsNotFollowed() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("symlink"), downloaded);
    assertThrows(IOException.class, () -> cache.add(link, sha256, 10));
    assertFalse(cache.take(sha256, directory.resolve("link")));
  }

  @Test
  void aDamagedArchiveLeavesTheCache() throws Exception {
    cache.add(downloaded, sha256, 10);
    Files.writeString(cached(), "an arch\0\0\0");
    Path link = directory.resolve("link");

    assertFalse(cache.take(sha256, link));
    assertFalse(Files.exists(link));
    assertFalse(Files.exists(cached()));

    cache.add(downloaded, sha256, 10);
    assertTrue(cache.take(sha256, link));
  }

  private void refused(long size) throws IOException {
    BuildException refused =
        assertThrows(BuildException.class, () -> cache.add(downloaded, sha256, size));
    assertEquals(FailureCode.BAD_CHECKSUM, refused.code());
    try (Stream<Path> files = Files.walk(directory.resolve("cache"))) {
      assertEquals(0, files.filter(Files::isRegularFile).count());
    }
  }

  private Path cached() {
    return directory.resolve("cache").resolve(sha256.substring(0, 2)).resolve(sha256);
  }
}
