package io.weldr.worker.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTest {
  @TempDir Path directory;

  @Test
  void theHostsFilesAreNotThere() throws Exception {
    assertEquals(
        List.of("bin", "dev", "lib", "lib64", "proc", "run", "sbin", "tmp", "usr"),
        output(Sandbox.ofHostPrograms(), "/bin/ls", "/"));
  }

  @Test
  void thereAreNoCapabilitiesAndNoOtherProcesses() throws Exception {
    assertTrue(
        output(Sandbox.ofHostPrograms(), "/bin/grep", "CapEff", "/proc/self/status")
            .contains("CapEff:\t0000000000000000"));
    List<String> processes = output(Sandbox.ofHostPrograms(), "/bin/sh", "-c", "echo /proc/[0-9]*");
    assertTrue(processes.getFirst().split(" ").length < 5, processes.toString());
  }

  @Test
  void onlyLoopbackIsThereUnlessTheNetworkIsAskedFor() throws Exception {
    assertEquals(
        1, output(Sandbox.ofHostPrograms(), "/bin/sh", "-c", "grep : /proc/net/dev").size());
    assertEquals(
        Files.readAllLines(Path.of("/proc/net/dev")).stream()
            .filter(line -> line.contains(":"))
            .count(),
        output(Sandbox.ofHostPrograms().withNetwork(), "/bin/grep", ":", "/proc/net/dev").size());
  }

  @Test
  void whatIsReadOnlyCannotBeWritten() throws Exception {
    Sandbox sandbox = Sandbox.ofHostPrograms().readOnly(directory, "/given");
    assertThrows(
        SubprocessException.class, () -> sandbox.command("/bin/touch", "/given/x").check());
    Sandbox.ofHostPrograms()
        .writable(directory, "/given")
        .command("/bin/touch", "/given/x")
        .check();
    assertTrue(Files.exists(directory.resolve("x")));
  }

  @Test
  void theEnvironmentIsMadeFromNothing() throws Exception {
    List<String> variables =
        output(Sandbox.ofHostPrograms().with("EXTRA", "a b"), "/usr/bin/env").stream()
            .filter(line -> !line.startsWith("PWD="))
            .sorted()
            .toList();
    assertEquals(
        List.of("EXTRA=a b", "HOME=/nonexistent", "LANG=C.UTF-8", "PATH=" + Subprocess.PATH),
        variables);
  }

  @Test
  void aLinkInATreeLeadsIntoTheTree() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Path target = Path.of("/var/weldr-sandbox-test");
    Files.createSymbolicLink(tree.resolve("out"), target);
    Sandbox sandbox =
        Sandbox.ofTree(tree)
            .readOnly(Path.of("/usr"), "/usr")
            .readOnly(Path.of("/lib"), "/lib")
            .readOnlyIfThere(Path.of("/lib64"), "/lib64");

    sandbox.command("/usr/bin/mkdir", "/var").check();
    sandbox.command("/usr/bin/sh", "-c", "echo x > /out").check();

    assertFalse(Files.exists(target));
    assertTrue(Files.exists(tree.resolve("var/weldr-sandbox-test")));
    Files.delete(tree.resolve("out"));
  }

  private static List<String> output(Sandbox sandbox, String... argv) throws Exception {
    List<String> lines = new ArrayList<>();
    sandbox.command(argv).output(lines::add).check();
    return lines;
  }
}
