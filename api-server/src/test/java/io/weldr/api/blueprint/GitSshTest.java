package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References of a repository behind a real sshd. */
class GitSshTest {
  @TempDir Path directory;

  private int port;
  private Path access;
  private Path repository;
  private String commit;
  private Process daemon;

  @BeforeEach
  void serve() throws Exception {
    access = Files.createDirectory(directory.resolve("access"));
    repository = Files.createDirectory(directory.resolve("site.git"));
    git("init", "--quiet", "--initial-branch=main", ".");
    git("commit", "--quiet", "--allow-empty", "-m", "x");
    commit = git("rev-parse", "HEAD");
    for (String key : List.of("host", "access/deploy")) {
      output(
          "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", directory.resolve(key).toString());
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path configuration = directory.resolve("sshd_config");
    Files.writeString(
        configuration,
        """
        ListenAddress 127.0.0.1
        Port %d
        HostKey %s
        AuthorizedKeysFile %s
        PidFile none
        PasswordAuthentication no
        StrictModes no
        UsePAM no
        """
            .formatted(port, directory.resolve("host"), access.resolve("deploy.pub")));
    Files.createDirectories(Path.of("/run/sshd"));
    daemon =
        new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("sshd.log").toFile())
            .start();
    awaitDaemon();
  }

  @AfterEach
  void stop() throws Exception {
    daemon.descendants().forEach(ProcessHandle::destroyForcibly);
    daemon.destroyForcibly().waitFor();
  }

  @Test
  void onlyAServerThatIsKnownIsAsked() throws Exception {
    Path known = access.resolve("known_hosts");
    Files.writeString(known, "");
    assertThrows(GitRemoteException.class, this::resolved);
    Files.writeString(
        known, "[127.0.0.1]:" + port + " " + Files.readString(access.resolve("deploy.pub")));
    assertThrows(GitRemoteException.class, this::resolved);
    Files.writeString(
        known, "[127.0.0.1]:" + port + " " + Files.readString(directory.resolve("host.pub")));
    assertEquals(commit, resolved());
  }

  private String resolved() throws GitRemoteException {
    String url = "ssh://root@127.0.0.1:" + port + repository;
    return new GitRemotes(List.of(), Optional.of(access))
        .commit(new GitRepository("n", "1", "1", "s", url, "main", "/opt/x"));
  }

  private String git(String... arguments) throws Exception {
    List<String> argv = new ArrayList<>(List.of("git", "-C", repository.toString()));
    argv.addAll(List.of("-c", "user.name=t", "-c", "user.email=t@example.com"));
    argv.addAll(List.of(arguments));
    return output(argv.toArray(String[]::new));
  }

  private static String output(String... argv) throws Exception {
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text.strip();
  }

  private void awaitDaemon() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }
}
