package io.weldr.worker.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {
  @TempDir Path directory;

  @Test
  void replacesTheContentAndLeavesNothingElse() throws IOException {
    Path file = directory.resolve("state.json");
    DurableFiles.write(file, new byte[] {1}, Access.ROOT_FILE);
    DurableFiles.write(file, new byte[] {2, 3}, Access.groupFile(7));
    assertArrayEquals(new byte[] {2, 3}, Files.readAllBytes(file));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(7, Files.getAttribute(file, "unix:gid"));
    try (var names = Files.list(directory)) {
      assertEquals(List.of(file), names.toList());
    }
  }

  @Test
  void aLinkInThePlaceOfTheTargetIsReplacedNotFollowed() throws IOException {
    Path victim = Files.writeString(directory.resolve("victim"), "safe");
    Path link = Files.createSymbolicLink(directory.resolve("link"), victim);
    DurableFiles.write(link, new byte[] {1}, Access.ROOT_FILE);
    assertEquals("safe", Files.readString(victim));
    assertEquals(false, Files.isSymbolicLink(link));
  }

  @Test
  void createRefusesWhatIsThere() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));
    assertThrows(
        FileAlreadyExistsException.class,
        () -> DurableFiles.create(link, new byte[0], Access.ROOT_FILE));
  }
}
