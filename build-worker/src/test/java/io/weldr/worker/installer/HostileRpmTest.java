package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.host.Subprocess;
import io.weldr.worker.image.KeptLines;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RPM packages that mean harm, really installed: each is contained, or named as the reason. */
class HostileRpmTest {
  private static final String DATABASE = "/usr/lib/sysimage/rpm";

  @TempDir static Path built;

  private static RpmBuilder rpms;

  @TempDir Path directory;

  private final List<String> lines = new ArrayList<>();
  private Path tree;

  @BeforeAll
  static void buildShell() throws Exception {
    rpms = new RpmBuilder(built);
    rpms.shell();
  }

  @BeforeEach
  void placeTree() {
    tree = directory.resolve("tree");
  }

  private void install(String name) throws BuildException, IOException, InterruptedException {
    FetchedArchives archives = rpms.archives("shell", name);
    new RpmInstallation(tree, archives, DATABASE, OptionalLong.empty(), new KeptLines(lines)).run();
  }

  private String refused(String name) {
    BuildException refused =
        assertThrows(BuildException.class, () -> install(name), lines::toString);
    assertEquals(FailureCode.PACKAGE_SCRIPT_FAILED, refused.code());
    return refused.getMessage();
  }

  @Test
  void aFailingScriptIsNamedWithWhatItSaid() throws Exception {
    rpms.script("bad", "%post\necho no licence; exit 3");
    assertEquals(
        "the script %post of the package bad-1-1.noarch failed, exit status 3; before that the"
            + " output was: no licence",
        refused("bad"));
  }

  @Test
  void aScriptThatIsKilledIsNamed() throws Exception {
    rpms.script("dies", "%post\necho last words; kill -9 $$");
    assertEquals(
        "the script %post of the package dies-1-1.noarch failed, signal 9; before that the output"
            + " was: last words",
        refused("dies"));
  }

  @Test
  void aScriptThatFailsBeforeTheInstallationIsNamed() throws Exception {
    rpms.script("early", "%pre\nexit 1");
    String message = refused("early");
    assertTrue(message.startsWith("the script %prein of the package early-1-1.noarch"), message);
  }

  @Test
  void aDaemonThatAScriptLeavesEndsWithTheInstallation() throws Exception {
    rpms.script("daemon", "%post\nsetsid sleep 8640017 &\nsetsid sleep 8640017 <&- >&- 2>&- &");
    install("daemon");
    assertFalse(
        ProcessHandle.allProcesses()
            .map(process -> process.info().commandLine())
            .flatMap(Optional::stream)
            .anyMatch(command -> command.contains("sleep 8640017")));
  }

  @Test
  void aScriptReachesNeitherTheNetworkNorFilesOfTheHost() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "x");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(1);
      rpms.script(
          "curious",
          """
          %%post
          saw=
          test -e %s && saw="$saw file"
          test -e /proc/1/root%s && saw="$saw file-of-init"
          (exec 3<>/dev/tcp/127.0.0.1/%d) 2>/dev/null && saw="$saw network"
          for device in /dev/sda /dev/vda /dev/loop0 /dev/loop-control /dev/kvm /dev/mem; do
            test -e $device && saw="$saw $device"
          done
          test -z "$saw" || { echo "saw:$saw"; exit 1; }
          """
              .formatted(secret, secret, server.getLocalPort()));
      install("curious");
      assertThrows(SocketTimeoutException.class, server::accept);
    }
  }

  @Test
  void linksInPlaceOfDirectoriesLeadNowhereOnTheHost() throws Exception {
    Path host = Files.createDirectory(directory.resolve("host"));
    rpms.script(
        "links",
        """
        %%post
        mkdir -p /etc /boot
        mv /etc /etc.old && ln -s %s /etc
        mv /boot /boot.old && ln -s %s /boot
        rm -rf /dev 2>/dev/null; ln -s %s /dev 2>/dev/null
        ln -s %s /run/link /tmp/link
        exit 0
        """
            .formatted(host, host, host, host));
    install("links");
    assertTrue(Files.isSymbolicLink(tree.resolve("etc")), lines.toString());
    assertTrue(Files.isDirectory(tree.resolve("dev"), LinkOption.NOFOLLOW_LINKS));
    // What is configured later goes through these links, inside the tree.
    assertThrows(Exception.class, () -> new Tree(tree).write("/etc/hostname", "x\n"));
    try (var files = Files.list(host)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void linksThatAPackageHasInPlaceOfMountPointsLeadNowhere() throws Exception {
    Path host = Files.createDirectory(directory.resolve("host"));
    Path root = Files.createDirectory(directory.resolve("root"));
    for (String name : List.of("dev", "proc", "sys")) {
      Files.createSymbolicLink(root.resolve(name), host);
    }
    rpms.add("planted", "", root, "");
    install("planted");
    for (String name : List.of("dev", "proc", "sys")) {
      assertTrue(Files.isDirectory(tree.resolve(name), LinkOption.NOFOLLOW_LINKS), name);
    }
  }

  @Test
  void aScriptThatFillsTheDiskIsNamed() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Subprocess.of("/usr/bin/mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk.toString())
        .check();
    try {
      tree = disk.resolve("tree");
      rpms.script("glutton", "%post\ndd if=/dev/zero of=/var.fill bs=1M");
      String message = refused("glutton");
      assertTrue(message.contains("glutton-1-1.noarch"), message);
      assertTrue(String.join("\n", lines).contains("No space left on device"), lines.toString());
    } finally {
      Subprocess.of("/usr/bin/umount", "--lazy", disk.toString()).check();
    }
  }
}
