package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.image.KeptLines;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures made by real keys, checked by the host's rpmkeys. */
class RpmSignaturesTest {
  @TempDir Path directory;

  private final List<String> lines = new ArrayList<>();
  private RpmBuilder rpms;

  @BeforeEach
  void build() throws Exception {
    Path root = Files.createDirectories(directory.resolve("files"));
    Files.writeString(root.resolve("content"), "x\n".repeat(10_000));
    rpms = new RpmBuilder(Files.createDirectory(directory.resolve("build")));
    rpms.add("signed", "", root, "");
  }

  private void check(String... keys) throws BuildException, IOException, InterruptedException {
    Path work = Files.createTempDirectory(directory, "work");
    RpmKeys known = new RpmKeys(Map.of(RpmBuilder.SOURCE, List.of(keys)));
    new RpmSignatures(rpms.archives("signed"), work, new KeptLines(lines)).check(known);
    try (var left = Files.list(work)) {
      assertEquals(0, left.count(), "nothing of the check is left");
    }
  }

  private String refused(String... keys) {
    BuildException refused = assertThrows(BuildException.class, () -> check(keys));
    assertEquals(FailureCode.BAD_SIGNATURE, refused.code());
    return refused.getMessage();
  }

  @Test
  void aPackageSignedByAKeyOfItsSourcePasses() throws Exception {
    String own = rpms.key();
    rpms.sign("signed");
    check(own);
    assertTrue(
        lines.contains("The signatures of 1 packages of source test are good"), lines.toString());
    String other = new RpmBuilder(Files.createDirectory(directory.resolve("other"))).key();
    check(other, own);
    String message = refused(other);
    assertTrue(
        message.startsWith("a package is not signed by a key of source test: signed-1-1"), message);
  }

  @Test
  void anUnsignedPackageIsRefused() throws Exception {
    String message = refused(rpms.key());
    assertTrue(
        message.startsWith("a package is not signed by a key of source test: signed-1-1"), message);
    assertEquals("the packages of source test must be signed, and it has no key", refused());
  }

  @Test
  void aSignedPackageWhoseContentChangedIsRefused() throws Exception {
    String own = rpms.key();
    rpms.sign("signed");
    try (RandomAccessFile file = new RandomAccessFile(rpms.file("signed").toFile(), "rw")) {
      file.seek(file.length() - 10);
      int old = file.read();
      file.seek(file.length() - 10);
      file.write(old ^ 1);
    }
    String message = refused(own);
    assertTrue(message.contains("signed-1-1.noarch.rpm"), message);
  }

  @Test
  void whatIsNoKeyIsNamedAsUnusable() {
    String message =
        refused("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx\n-----END PGP PUBLIC KEY BLOCK-----\n");
    assertTrue(message.startsWith("the keys of source test cannot be used: "), message);
  }
}
