package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.image.KeptLines;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseTreesTest {
  private static final List<String> LINKS = List.of("bin", "lib");

  @TempDir Path directory;

  private final List<String> told = new ArrayList<>();
  private final StageReport report = new KeptLines(told);
  private BaseTrees trees;
  private String key;
  private Path tree;

  @BeforeEach
  void makeTree() throws Exception {
    trees = new BaseTrees(directory.resolve("cache"), UUID.randomUUID());
    key = BaseTrees.key(List.of("a_1_all.deb 00", "b_1_all.deb 11"), LINKS);
    tree = Files.createDirectories(directory.resolve("made"));
    Files.createDirectories(tree.resolve("usr/bin"));
    Files.createSymbolicLink(tree.resolve("bin"), Path.of("usr/bin"));
    Path ping = Files.writeString(tree.resolve("usr/bin/ping"), "ping");
    Files.setAttribute(ping, "unix:uid", 12);
    Files.setAttribute(ping, "unix:gid", 34);
    Files.setAttribute(ping, "unix:mode", 04751);
    Files.createLink(tree.resolve("usr/bin/ping6"), ping);
    Path capable = Files.writeString(tree.resolve("usr/bin/arping"), "arping");
    RealCompose.output("", "/usr/sbin/setcap", "cap_net_raw=ep", capable.toString());
  }

  @Test
  void aCachedTreeIsTheTreeThatWasMade() throws Exception {
    Path copy = directory.resolve("copy");
    assertFalse(trees.unpack(key, copy, report));
    assertFalse(Files.exists(copy));
    trees.pack(key, tree, directory.resolve("scratch"), report);
    assertFalse(Files.exists(directory.resolve("scratch")));

    assertTrue(trees.unpack(key, copy, report), told::toString);

    assertEquals(Path.of("usr/bin"), Files.readSymbolicLink(copy.resolve("bin")));
    Path ping = copy.resolve("usr/bin/ping");
    assertEquals("ping", Files.readString(ping));
    assertEquals(
        Files.readAttributes(tree.resolve("usr/bin/ping"), "unix:uid,gid,mode,lastModifiedTime"),
        Files.readAttributes(ping, "unix:uid,gid,mode,lastModifiedTime"));
    assertTrue(Files.isSameFile(ping, copy.resolve("usr/bin/ping6")));
    String arping = copy.resolve("usr/bin/arping").toString();
    assertTrue(RealCompose.output("", "/usr/sbin/getcap", arping).contains("cap_net_raw=ep"));
    assertEquals(List.of(), told);
  }

  @Test
  void otherPackagesOrLinksHaveAnotherTree() throws Exception {
    trees.pack(key, tree, directory.resolve("scratch"), report);
    String packages = BaseTrees.key(List.of("a_1_all.deb 00", "b_1_all.deb 12"), LINKS);
    String links = BaseTrees.key(List.of("a_1_all.deb 00", "b_1_all.deb 11"), List.of("bin"));

    assertNotEquals(packages, links);
    for (String other : List.of(packages, links)) {
      assertFalse(trees.unpack(other, directory.resolve("copy"), report));
    }
  }

  @Test
  void aDamagedTreeIsRemovedAndNothingIsLeftOfIt() throws Exception {
    trees.pack(key, tree, directory.resolve("scratch"), report);
    try (FileChannel file = FileChannel.open(cached(), StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 1);
    }

    assertFalse(trees.unpack(key, directory.resolve("copy"), report));

    assertFalse(Files.exists(directory.resolve("copy"), LinkOption.NOFOLLOW_LINKS));
    assertEquals(1, told.size());
    trees.pack(key, tree, directory.resolve("scratch"), report);
    assertTrue(trees.unpack(key, directory.resolve("copy"), report));
  }

  @Test
  void aCacheThatCannotBeWrittenIsToldAndNoFailure() throws Exception {
    Files.writeString(directory.resolve("cache"), "no directory");

    trees.pack(key, tree, directory.resolve("scratch"), report);

    assertEquals(1, told.size());
    assertFalse(trees.unpack(key, directory.resolve("copy"), report));
  }

  private Path cached() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("cache"))) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }
}
