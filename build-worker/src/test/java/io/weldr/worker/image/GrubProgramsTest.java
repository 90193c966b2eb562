package io.weldr.worker.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrubProgramsTest {
  @TempDir Path directory;

  @Test
  void whatATreeLacksOfGrubIsNamed() throws Exception {
    assertLacking("/usr/bin/grub-mkimage");
    Files.createDirectories(directory.resolve("tree/usr/bin"));
    Files.createFile(directory.resolve("tree/usr/bin/grub-mkimage"));
    assertLacking("/usr/lib/grub/i386-pc");
  }

  private void assertLacking(String path) throws Exception {
    GrubPrograms grub =
        new GrubPrograms(
            Files.createDirectories(directory.resolve("tree")),
            Files.createDirectories(directory.resolve("scratch")),
            new KeptLines(new ArrayList<>()));
    BuildException failure =
        assertThrows(
            BuildException.class,
            () -> grub.makeImage("i386-pc", "i386-pc", "core.img", "", List.of()));
    assertEquals(FailureCode.PACKAGE_MISSING, failure.code());
    assertEquals(
        "the image has no " + path + ", a part of GRUB, and could not start", failure.getMessage());
    assertTrue(failure.hint().contains("[boot]"), failure.hint());
  }
}
