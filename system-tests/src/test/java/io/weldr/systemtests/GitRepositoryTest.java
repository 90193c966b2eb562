package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A package of {@code repos.git}, from git daemon on the loopback into a tar, through both
 * programs.
 */
@Tag("archive")
class GitRepositoryTest {
  private final Path directory = Installation.privateDirectory("weldr-composer-git-");
  private final Path repository = directory.resolve("site.git");
  private Process daemon;
  private int port;
  private RunningComposer composer;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(repository);
    git("init", "--quiet", "--initial-branch=main", ".");
    Files.writeString(repository.resolve("index.html"), "of the tag\n");
    Files.createSymbolicLink(repository.resolve("outside"), Path.of("/etc/shadow"));
    commit();
    git("tag", "-m", "first", "v1.0");
    Files.writeString(repository.resolve("index.html"), "later\n");
    commit();
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
    composer = RunningComposer.start("slots = 1");
    composer.await("git daemon serves", Duration.ofMinutes(1), this::serves);
  }

  @AfterEach
  void stop() {
    daemon.descendants().forEach(ProcessHandle::destroyForcibly);
    daemon.destroyForcibly();
    composer.close();
  }

  @Test
  void theFilesOfTheTagAreInTheImageAsAPackage() throws IOException {
    push("site", "v1.0");
    String id = composer.curl().compose("site", "tar", "");
    JsonNode entry = composer.awaitEnd(id, Duration.ofMinutes(10));
    assertEquals("FINISHED", entry.path("queue_status").asText(), () -> entry + composer.log(id));
    Path results = composer.results(id);
    Path archive = results.resolve("root.tar.xz");
    assertEquals("of the tag\n", Command.must("tar", "-xJOf", archive, "./opt/site/index.html"));
    String link = Command.must("tar", "-tvJf", archive, "./opt/site/outside");
    assertTrue(link.contains("root/root") || link.contains("0/0"), link);
    assertTrue(link.contains("-> /etc/shadow"), link);
    String status = Command.must("tar", "-xJOf", archive, "./var/lib/dpkg/status");
    assertTrue(status.contains("Package: site-config\nStatus: install ok installed\n"), status);
    assertTrue(
        Files.readString(results.resolve("final-kickstart.ks"))
            .contains("\nsite-config:all=1.0-1\n"));
    assertTrue(Files.exists(results.resolve("repo/site-config_1.0-1_all.deb")));
  }

  @Test
  void whatCannotBeResolvedIsRefusedInTheWordsOfTheContract() {
    push("gone", "no-such-tag");
    Curl.Answer answer =
        composer
            .curl()
            .postJson(
                "/api/v1/compose",
                "{\"blueprint_name\":\"gone\",\"compose_type\":\"tar\",\"branch\":\"master\"}");
    assertEquals(400, answer.status(), answer.body());
    assertEquals(
        "Creating git repo rpm: Failed to archive %s from ref \"no-such-tag\"".formatted(url()),
        answer.json().path("errors").path(0).path("msg").asText());
    assertEquals("BuildFailed", answer.json().path("errors").path(0).path("id").asText());
  }

  private void push(String name, String ref) {
    String blueprint =
        """
        name = "%s"
        description = ""
        [[repos.git]]
        rpmname = "site-config"
        rpmversion = "1.0"
        rpmrelease = "1"
        summary = "%%(touch /tmp/hostile) %%{lua:error()} $(id)"
        repo = "%s"
        ref = "%s"
        destination = "/opt/site/"
        """
            .formatted(name, url(), ref);
    Curl.Answer answer = composer.curl().postToml("/api/v1/blueprints/new", blueprint);
    assertEquals(200, answer.status(), answer.body());
  }

  private String url() {
    return "git://127.0.0.1:" + port + "/site.git";
  }

  private boolean serves() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private void commit() {
    git("add", ".");
    git("commit", "--quiet", "-m", "x");
  }

  private void git(String... arguments) {
    List<String> argv =
        new ArrayList<>(
            List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C"));
    argv.add(repository.toString());
    argv.addAll(List.of(arguments));
    Command.must(argv.toArray());
  }
}
