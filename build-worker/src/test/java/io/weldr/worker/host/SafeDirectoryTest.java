package io.weldr.worker.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeDirectoryTest {
  @TempDir Path top;
  private Path parent;
  private Path precious;

  @BeforeEach
  void plant() throws IOException {
    parent = Files.createDirectory(top.resolve("parent"));
    precious = Files.createDirectory(top.resolve("precious"));
    Files.writeString(precious.resolve("file"), "data");
  }

  @Test
  void linksOfEveryKindAreRemovedAndNotFollowed() throws IOException {
    Path tree = Files.createDirectories(parent.resolve("tree/deep/er"));
    Files.createSymbolicLink(tree.resolve("directory"), precious);
    Files.createSymbolicLink(tree.resolve("file"), precious.resolve("file"));
    Files.createSymbolicLink(tree.resolve("up"), Path.of("../../../../precious"));
    Files.createSymbolicLink(tree.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(tree.resolve("nowhere"), Path.of("/nonexistent"));
    Files.createSymbolicLink(tree.getParent().resolve(".remove-1"), precious);
    Files.createLink(tree.resolve("hard"), precious.resolve("file"));
    remove("tree");
    assertFalse(Files.exists(parent.resolve("tree"), LinkOption.NOFOLLOW_LINKS));
    assertEquals("data", Files.readString(precious.resolve("file")));
  }

  @Test
  void anEntryThatIsALinkIsRemovedItself() throws IOException {
    Files.createSymbolicLink(parent.resolve("tree"), precious);
    remove("tree");
    assertFalse(Files.exists(parent.resolve("tree"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(precious.resolve("file")));
  }

  @Test
  void anyDepthCanBeRemoved() throws Exception {
    Subprocess.of(
            "/usr/bin/python3",
            "-c",
            """
            import os, sys
            os.chdir(sys.argv[1])
            os.mkdir('tree')
            os.chdir('tree')
            for i in range(3000):
                os.mkdir('d')
                os.chdir('d')
            """,
            parent.toString())
        .check();
    remove("tree");
    assertEquals(List.of(), names());
  }

  @Test
  void namesThatTheRemovalWouldUseItselfDoNotConfuseIt() throws IOException {
    Path tree = parent.resolve("tree");
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      Path at = tree;
      for (int depth = random.nextInt(6); depth >= 0; depth--) {
        at = at.resolve(".remove-" + random.nextInt(8));
      }
      Files.createDirectories(at);
      Files.writeString(at.resolve("file-" + i), "x");
    }
    remove("tree");
    assertEquals(List.of(), names());
  }

  @Test
  void whatIsMountedInTheTreeIsNotEmptied() throws Exception {
    Path mount = Files.createDirectories(parent.resolve("tree/a/mount"));
    Subprocess.of("/bin/mount", "--bind", "--", precious.toString(), mount.toString()).check();
    try {
      assertThrows(IOException.class, () -> remove("tree"));
      assertEquals("data", Files.readString(precious.resolve("file")));
    } finally {
      Subprocess.of("/bin/umount", "--", mount.toString()).run();
      for (Path left : list(parent.resolve("tree"))) {
        Subprocess.of("/bin/umount", "--", left.toString()).run();
      }
    }
    remove("tree");
    assertEquals(List.of(), names());
  }

  @Test
  void removingWhatIsNotThereDoesNothing() throws IOException {
    remove("tree");
    assertEquals(List.of(), names());
  }

  @Test
  void oddNamesAreRemoved() throws IOException {
    Path tree = Files.createDirectory(parent.resolve("tree"));
    for (String name : List.of("-rf", "a b", "new\nline", "*", "\u202e", "x".repeat(255))) {
      Files.writeString(tree.resolve(name), "");
    }
    remove("tree");
    assertEquals(List.of(), names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../precious", "/etc", "tree/.."})
  void onlyNamesOfOneComponentAreTaken(String name) {
    assertThrows(IllegalArgumentException.class, () -> remove(name));
    assertTrue(Files.exists(precious.resolve("file")));
  }

  private void remove(String name) throws IOException {
    try (SafeDirectory directory = SafeDirectory.open(parent)) {
      directory.remove(name);
    }
  }

  private List<String> names() throws IOException {
    try (SafeDirectory directory = SafeDirectory.open(parent)) {
      return directory.names();
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
