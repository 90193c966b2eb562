package io.weldr.worker.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubprocessTest {
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

  @Test
  void givesTheProgramOnlyTheRebuiltEnvironment() throws Exception {
    Subprocess.of("/usr/bin/env").environment("EXTRA", "1").output(lines::add).check();
    Collections.sort(lines);
    assertEquals(
        List.of("EXTRA=1", "HOME=/nonexistent", "LANG=C.UTF-8", "PATH=" + Subprocess.PATH), lines);
  }

  @Test
  void startsWithEmptyStdinInTheRootDirectory() throws Exception {
    Subprocess.of("/bin/sh", "-c", "cat; pwd").output(lines::add).check();
    assertEquals(List.of("/"), lines);
  }

  @Test
  void passesStdinWhole() throws Exception {
    byte[] much = "0123456789abcdef".repeat(65536).getBytes(StandardCharsets.US_ASCII);
    Subprocess.of("/usr/bin/wc", "-c").stdin(much).output(lines::add).check();
    assertEquals(List.of("1048576"), lines);
  }

  @Test
  void aProgramThatIgnoresItsStdinIsNotAnError() throws Exception {
    assertEquals(0, Subprocess.of("/bin/true").stdin(new byte[1 << 20]).run().exitStatus());
  }

  @Test
  void failureCarriesTheCommandTheStatusAndTheLastLines() {
    var failure =
        assertThrows(
            SubprocessException.class,
            () -> Subprocess.of("/bin/sh", "-c", "seq 100; echo it\\'s >&2; exit 3").check());
    assertEquals("ended with exit status 3", failure.reason());
    assertEquals(20, failure.lastLines().size());
    assertEquals("it's", failure.lastLines().getLast());
    assertEquals("/bin/sh -c 'seq 100; echo it\\'\\''s >&2; exit 3'", failure.commandLine());
  }

  @Test
  void aProgramThatIsNotThereIsNamed() {
    var failure =
        assertThrows(SubprocessException.class, () -> Subprocess.of("/nonexistent/tool").run());
    assertTrue(failure.getMessage().startsWith("/nonexistent/tool cannot be started"));
  }

  @Test
  void theTimeLimitKillsTheWholeTree(@TempDir Path directory) throws Exception {
    Path pidFile = directory.resolve("pid");
    String script = "sleep 1000 & echo $! > " + pidFile + "; wait";
    assertThrows(
        SubprocessException.class,
        () -> Subprocess.of("/bin/sh", "-c", script).timeout(Duration.ofSeconds(2)).run());
    long grandchild = Long.parseLong(Files.readString(pidFile).strip());
    ProcessHandle.of(grandchild).ifPresent(handle -> handle.onExit().join());
    assertTrue(ProcessHandle.of(grandchild).isEmpty());
  }

  @Test
  void longLinesAreCutAndWrongUtf8IsReplaced() throws Exception {
    String script = "head -c 100000 /dev/zero | tr '\\0' x; echo; printf '\\377\\n'";
    Subprocess.of("/bin/sh", "-c", script).output(lines::add).check();
    assertEquals(List.of("x".repeat(LineReader.LONGEST), "\ufffd"), lines);
  }

  @Test
  void stderrCanBeSeparate() throws Exception {
    List<String> errors = Collections.synchronizedList(new ArrayList<>());
    Subprocess.of("/bin/sh", "-c", "echo out; echo err >&2")
        .output(lines::add)
        .errors(errors::add)
        .check();
    assertEquals(List.of("out"), lines);
    assertEquals(List.of("err"), errors);
  }

  @Test
  void stdoutCanGoToAFile(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("out");
    Subprocess.of("/bin/sh", "-c", "echo out; echo err >&2")
        .output(lines::add)
        .outputTo(file)
        .check();
    assertEquals("out\n", Files.readString(file));
    assertEquals(List.of("err"), lines);
  }

  @Test
  void relativeProgramsAndNulAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Subprocess.of("ls"));
    assertThrows(IllegalArgumentException.class, () -> Subprocess.of("/bin/ls", "a\0b"));
  }
}
