package io.weldr.worker.installer.git;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/** OpenSSH's sshd with a configuration of its own, on the loopback; it knows one key of root. */
final class SshServer implements AutoCloseable {
  private final Path directory;
  private final int port;
  private final Process daemon;

  /** Has known_hosts and the key. */
  final Path access;

  /**
   * @param directory exists, and belongs to root up to the root directory
   */
  SshServer(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    this.access = Files.createDirectory(directory.resolve("access"));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    key(directory.resolve("host"));
    key(access.resolve("deploy"));
    Files.copy(access.resolve("deploy.pub"), directory.resolve("authorized"));
    know("host.pub");
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
        KbdInteractiveAuthentication no
        PermitRootLogin prohibit-password
        StrictModes no
        UsePAM no
        """
            .formatted(port, directory.resolve("host"), directory.resolve("authorized")));
    Files.createDirectories(Path.of("/run/sshd"));
    daemon =
        new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("sshd.log").toFile())
            .start();
    awaitDaemon();
  }

  /** The address of a repository of this host. */
  String url(Path repository) {
    return "ssh://root@127.0.0.1:" + port + repository;
  }

  /** Makes a key of this name the only one the server is known by. */
  void know(String publicKey) throws IOException {
    String[] words = Files.readString(directory.resolve(publicKey)).split(" ");
    Files.writeString(
        access.resolve("known_hosts"),
        "[127.0.0.1]:%d %s %s\n".formatted(port, words[0], words[1]));
  }

  private static void key(Path file) throws IOException, InterruptedException {
    GitServer.output(
        "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "t", "-f", file.toString());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Override
  public void close() throws InterruptedException {
    daemon.descendants().forEach(ProcessHandle::destroyForcibly);
    daemon.destroyForcibly().waitFor();
  }

  private void awaitDaemon() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline || !daemon.isAlive()) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }
}
