package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.api.blueprint.RealGit;
import io.weldr.api.http.RawClient;
import io.weldr.api.http.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program, killed in the middle of 1,000 posts of several clients. */
class KilledServerTest {
  private static final int CLIENTS = 8;
  private static final int POSTS = 1000 / CLIENTS;

  @TempDir static Path installed;
  @TempDir Path directory;
  private Path socket;
  private List<String> command;

  /** How many commits and how many workspace copies of each client were acknowledged. */
  private final AtomicIntegerArray commits = new AtomicIntegerArray(CLIENTS);

  private final AtomicIntegerArray copies = new AtomicIntegerArray(CLIENTS);

  @BeforeEach
  void prepare() throws IOException {
    assumeTrue(Libc.effectiveUid() == 0, "only root can start the program by hand");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    socket = directory.resolve("run/api.socket");
    command =
        InstalledProgram.in(installed)
            .command(
                List.of(
                    "--config=" + InstalledProgram.configuration(directory),
                    "--socket=" + socket,
                    "--user=nobody",
                    "--group=nogroup",
                    "--no-system-repos",
                    "--log=" + directory.resolve("log/composer.log"),
                    blueprints().toString()));
  }

  private Path blueprints() {
    return directory.resolve("lib/blueprints");
  }

  @Test
  void everyAcknowledgedCommitIsThereAfterAKillInTheMiddle() throws Exception {
    CountDownLatch half = new CountDownLatch(CLIENTS * POSTS / 2);
    try (StartedProgram server = StartedProgram.start(command, Map.of());
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      server.awaitLine("Starting weldr-composer-");
      List<Future<?>> posting = start(clients, half);
      assertTrue(half.await(120, TimeUnit.SECONDS), commits + " commits are acknowledged");
      ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
      for (Future<?> each : posting) {
        each.get();
      }
    }
    RealGit git = new RealGit(blueprints().resolve("git"));
    git.run("fsck", "--strict");
    try (StartedProgram server = StartedProgram.start(command, Map.of());
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      server.awaitLine("Starting weldr-composer-");
      for (int client = 0; client < CLIENTS; client++) {
        assertKept(git, client);
      }
      for (Future<?> each : start(clients, new CountDownLatch(0))) {
        each.get();
      }
      for (int client = 0; client < CLIENTS; client++) {
        assertEquals(POSTS, commits.get(client), "posts went on after the restart");
        assertKept(git, client);
      }
      server.terminate();
    }
    git.run("fsck", "--strict");
    Path clone = directory.resolve("clone");
    git.run("clone", "--quiet", ".", clone.toString());
    for (int client = 0; client < CLIENTS; client++) {
      assertTrue(Files.readString(clone.resolve(name(client))).contains("name = \"b" + client));
    }
  }

  private static String name(int client) {
    return "b" + client + ".toml";
  }

  /** Every client posts until it has all its acknowledgements or the server is gone. */
  private List<Future<?>> start(ExecutorService clients, CountDownLatch acknowledged) {
    List<Future<?>> posting = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      posting.add(clients.submit(() -> postAll(client, acknowledged)));
    }
    return posting;
  }

  private void postAll(int client, CountDownLatch acknowledged) {
    try {
      while (commits.get(client) < POSTS) {
        post("workspace", "w" + client, copies.get(client) + 1);
        copies.incrementAndGet(client);
        post("new", "b" + client, commits.get(client) + 1);
        commits.incrementAndGet(client);
        acknowledged.countDown();
      }
    } catch (IOException e) {
      // The server was killed; what was not acknowledged may or may not be there.
    }
  }

  private void post(String route, String name, int number) throws IOException {
    Reply reply =
        RawClient.ask(
            socket,
            "POST",
            "/api/v1/blueprints/" + route,
            "Content-Type: application/json",
            "{\"name\":\"%s\",\"description\":\"%d\"}".formatted(name, number));
    assertEquals("{\"status\":true}\n", reply.text());
  }

  /** The server and git have what was acknowledged, and at most one post more. */
  private void assertKept(RealGit git, int client) throws Exception {
    int least = commits.get(client);
    List<String> log = git.run("log", "--format=%s", "master", "--", name(client)).lines().toList();
    assertTrue(log.size() == least || log.size() == least + 1, least + " of " + log.size());
    for (int n = 1; n <= log.size(); n++) {
      assertEquals(
          "Recipe b%d, version 0.0.%d saved.".formatted(client, n), log.get(log.size() - n));
    }
    String names = "b%d,w%d".formatted(client, client);
    JsonNode info =
        RawClient.ask(socket, "GET", "/api/v1/blueprints/info/" + names).json().path("blueprints");
    int newest = info.at("/0/description").asInt();
    assertTrue(newest == least || newest == least + 1, least + " of " + newest);
    int copy = info.at("/1/description").asInt();
    assertTrue(
        copy == copies.get(client) || copy == copies.get(client) + 1,
        copies.get(client) + " of " + copy);
    // A post that was not acknowledged and is there counts from now on.
    commits.set(client, log.size());
    copies.set(client, copy);
  }
}
