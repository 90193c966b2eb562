package io.weldr.worker.installer.git;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A repository made with git, served by git daemon on the loopback. */
final class GitServer implements AutoCloseable {
  final Path directory =
      Path.of("target/git-packages", UUID.randomUUID().toString()).toAbsolutePath();
  final Path repository = directory.resolve("site.git");

  private final int port;
  private final Process daemon;

  GitServer() throws IOException, InterruptedException {
    Files.createDirectories(repository);
    git("init", "--quiet", "--initial-branch=main", ".");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    daemon =
        new ProcessBuilder(
                "/usr/lib/git-core/git-daemon",
                "--reuseaddr",
                "--export-all",
                "--listen=127.0.0.1",
                "--port=" + port,
                "--base-path=" + directory)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("daemon.log").toFile())
            .start();
    awaitDaemon();
  }

  String url() {
    return "git://127.0.0.1:" + port + "/site.git";
  }

  /** Commits all that is in the working tree; the commit's id. */
  String commit() throws IOException, InterruptedException {
    git("add", "--all", ".");
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "x");
    return git("rev-parse", "HEAD").getFirst();
  }

  List<String> git(String... arguments) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("/usr/bin/git", "-C", repository.toString()));
    argv.addAll(List.of(arguments));
    return output(argv.toArray(String[]::new));
  }

  /** Lines a program prints; it must end with 0. */
  static List<String> output(String... argv) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    List<String> lines = process.inputReader().lines().toList();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", argv) + ": " + lines);
    }
    return lines;
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
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }
}
