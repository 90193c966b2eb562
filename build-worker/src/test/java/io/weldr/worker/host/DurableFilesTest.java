package io.weldr.worker.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

  /** Whoever reads sees one of the images whole, and never none. */
  @Test
  void whatIsPublishedTwiceAtOnceIsOneOfTheTwo() throws Exception {
    Path target = directory.resolve("image");
    int size = 1 << 20;
    Files.write(target, filled(size, 0));
    List<Thread> writers = new ArrayList<>();
    List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
    for (int writer = 1; writer <= 2; writer++) {
      int content = writer;
      writers.add(Thread.ofPlatform().start(() -> publish(target, content, size, failures)));
    }
    while (writers.stream().anyMatch(Thread::isAlive)) {
      byte[] seen = Files.readAllBytes(target);
      assertArrayEquals(filled(size, seen[0]), seen);
    }
    assertEquals(List.of(), failures);
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    try (var names = Files.list(directory)) {
      assertEquals(List.of(target), names.toList(), "nothing staged is left");
    }
  }

  private void publish(Path target, int content, int size, List<Exception> failures) {
    Path staged = directory.resolve("staged-" + content);
    try {
      for (int i = 0; i < 20; i++) {
        Files.write(staged, filled(size, content));
        DurableFiles.publish(staged, target, Access.groupFile(7));
      }
    } catch (IOException e) {
      failures.add(e);
    }
  }

  private static byte[] filled(int size, int content) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) content);
    return bytes;
  }
}
