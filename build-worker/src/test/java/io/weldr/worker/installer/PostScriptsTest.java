package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.image.KeptLines;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.PostScript;
import io.weldr.worker.kickstart.Script;
import io.weldr.worker.spec.BuildException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostScriptsTest {
  @TempDir private Path directory;
  private final List<String> said = new ArrayList<>();
  private Path tree;

  @BeforeEach
  void makeTree() throws Exception {
    tree = SmallTree.make(directory.resolve("tree"));
  }

  private void run(String options, String body) throws Exception {
    List<String> words = options.isEmpty() ? List.of() : List.of(options.split(" "));
    new PostScripts(new Tree(tree), new KeptLines(said))
        .run(List.of(PostScript.from(new Script(words, body))));
  }

  @Test
  void aScriptRunsInTheTreeAsItsRoot() throws Exception {
    run("", "id -u; echo made > /root/made; [ ! -e /etc ] && echo nothing of the host\n");

    assertEquals(List.of("0", "nothing of the host"), said);
    assertEquals("made\n", Files.readString(tree.resolve("root/made")));
    assertFalse(Files.exists(tree.resolve("tmp/post-script")));
  }

  @Test
  void onlyAScriptThatMayNotFailEndsTheCompose() throws Exception {
    run("", "exit 3\n");
    assertTrue(said.getFirst().contains("exit status 3"), said.toString());

    BuildException failed =
        assertThrows(BuildException.class, () -> run("--erroronfail", "echo why\nexit 4\n"));
    assertTrue(failed.getMessage().contains("exit status 4"), failed.getMessage());
    assertTrue(said.contains("why"), said.toString());
  }

  @Test
  void anInterpreterGetsTheScriptAsAFile() throws Exception {
    run("--interpreter=/usr/bin/cat", "not for a shell \"$(id)\"\n");
    assertEquals(List.of("not for a shell \"$(id)\""), said);

    run("--interpreter=/usr/bin/wc", "x".repeat(300_000));
    assertTrue(said.getLast().contains("300000"), said.toString());

    BuildException missing =
        assertThrows(BuildException.class, () -> run("--interpreter=/usr/bin/perl", "1;\n"));
    assertTrue(missing.getMessage().contains("/usr/bin/perl"), missing.getMessage());
  }

  @Test
  void theLogIsInTheTreeAndInTheLogOfTheCompose() throws Exception {
    run("--log=/root/logs/post.log", "echo out; echo err >&2\n");

    assertEquals("out\nerr\n", Files.readString(tree.resolve("root/logs/post.log")));
    assertEquals(List.of("out", "err"), said);
  }

  @Test
  void aLinkLeadsTheLogNowhereButIntoTheTree() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Path victim = Files.writeString(outside.resolve("file"), "as it was");
    Files.createSymbolicLink(tree.resolve("root/absolute"), outside);
    Files.createSymbolicLink(tree.resolve("root/up"), Path.of("../../outside"));
    Files.createSymbolicLink(tree.resolve("root/file"), victim);

    for (String log : List.of("/root/absolute/x", "/root/up/x", "/root/file", "/root/up/file")) {
      assertThrows(BuildException.class, () -> run("--erroronfail --log=" + log, "exit 1\n"), log);
    }

    assertEquals("as it was", Files.readString(victim));
    assertEquals(List.of(victim), list(outside));
  }

  @Test
  void hostileOptionsAreRefused() {
    for (String option :
        List.of("--log=/root/$(id)", "--log=/root/a;b", "--interpreter=/bin/sh -c")) {
      assertThrows(
          KickstartException.class, () -> PostScript.from(new Script(List.of(option), "")), option);
    }
  }

  private static List<Path> list(Path place) throws IOException {
    try (var files = Files.list(place)) {
      return files.toList();
    }
  }
}
