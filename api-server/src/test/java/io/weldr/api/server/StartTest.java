package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.http.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The program started for real, by root: what it serves, as whom, and beside whom. */
class StartTest extends StartedByRoot {
  @Test
  void startedByRootItServesAsTheUnprivilegedUserOnASocketOfRoots() throws Exception {
    try (StartedProgram server = start()) {
      server.awaitLine("Starting weldr-composer-");
      assertEquals("HTTP/1.1 200 OK", StartedProgram.statusLine(socket));
      assertDropped(server.pid());
      List<String> status = Files.readAllLines(Path.of("/proc/" + server.pid() + "/status"));
      assertTrue(status.contains("Groups:\t" + gid + " "), status.toString());
      assertEquals("0:%d 0750".formatted(gid), owner(socket.getParent()));
      assertEquals("0:%d 0660".formatted(gid), owner(socket));
      assertEquals("0:%d 0750".formatted(gid), owner(directory.resolve("lib")));
      assertEquals("%d:%d 0750".formatted(uid, gid), owner(directory.resolve("lib/blueprints")));
      assertEquals(143, server.terminate());
    }
    String log = Files.readString(directory.resolve("log/composer.log"));
    assertTrue(log.contains("INFO io.weldr.api.server.Main: Starting weldr-composer-"), log);
    String requests = Files.readString(directory.resolve("log/server.log"));
    assertTrue(
        requests.matches("- - 0 \\[[^]]+] \"GET /api/status HTTP/1.1\" 200 \\d+ \\d+\\.\\d{6}\n"),
        () -> "server.log: \"" + requests + "\"; composer.log: " + log);
  }

  @Test
  void aRequestThatEndsBecauseTheServerStopsEndsCleanlyAndIsLogged() throws Exception {
    try (StartedProgram server = start();
        ByteArrayOutputStream reply = new ByteArrayOutputStream()) {
      server.awaitLine("Starting weldr-composer-");
      try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        client.write(
            StandardCharsets.US_ASCII.encode(
                "GET /api/v1/compose/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        InputStream in = Channels.newInputStream(client);
        while (!reply.toString(StandardCharsets.UTF_8).contains("\"begin\"")) {
          reply.write(in.read());
        }
        assertEquals(143, server.terminate());
        in.transferTo(reply);
      }
      String text = reply.toString(StandardCharsets.UTF_8);
      assertTrue(text.endsWith("\r\n0\r\n\r\n"), text);
    }
    String requests = Files.readString(directory.resolve("log/server.log"));
    assertTrue(
        requests.contains("\"GET /api/v1/compose/events HTTP/1.1\" 200 "),
        "server.log: \"" + requests + "\"");
  }

  @Test
  void theLanguageOfTheSystemChangesNoNumber() throws Exception {
    Map<String, String> arabic =
        Map.of("JAVA_TOOL_OPTIONS", "-Duser.language=ar -Duser.country=EG");
    try (StartedProgram server = StartedProgram.start(command(), arabic)) {
      server.awaitLine("Starting weldr-composer-");
      String reply = StartedProgram.get(socket, "/api/v1/blueprints/changes/none?limit=12");
      assertTrue(reply.contains("\"limit\":12,"), reply);
    }
  }

  @Test
  void clientsThatTakeEveryDescriptorKeepNobodyOut() throws Exception {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n 300 && exec \"$@\"", "sh"));
    command.addAll(command());
    List<SocketChannel> clients = new ArrayList<>();
    try (StartedProgram server = StartedProgram.start(command, Map.of())) {
      server.awaitLine("Starting weldr-composer-");
      for (int i = 0; i < 600; i++) {
        clients.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
      }
      assertEquals("HTTP/1.1 200 OK", StartedProgram.statusLine(socket));
    } finally {
      for (SocketChannel client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aSecondServerDoesNotTakeTheSocketAndAStaleOneIsReplaced() throws Exception {
    try (StartedProgram first = start()) {
      first.awaitLine("Starting weldr-composer-");
      try (StartedProgram second = start()) {
        String said = second.awaitFailure(1);
        assertTrue(said.contains("Another server listens on " + socket), said);
      }
      assertEquals("HTTP/1.1 200 OK", StartedProgram.statusLine(socket));
      assertEquals(143, first.terminate());
    }
    assertTrue(Files.exists(socket), "the user cannot remove what is root's");
    try (StartedProgram third = start()) {
      third.awaitLine("Starting weldr-composer-");
      assertEquals("HTTP/1.1 200 OK", StartedProgram.statusLine(socket));
    }
  }

  @Test
  void twoServersDoNotWorkOnTheSameBlueprints() throws Exception {
    try (StartedProgram first = start()) {
      first.awaitLine("Starting weldr-composer-");
      try (StartedProgram second = start("--socket=" + directory.resolve("run2/api.socket"))) {
        second.awaitFailure(1);
      }
      assertEquals("HTTP/1.1 200 OK", StartedProgram.statusLine(socket));
    }
  }

  @Test
  void whatCannotBeImportedIsToldInTheStatus() throws Exception {
    prepareDirectoriesOfUser();
    Path blueprints = directory.resolve("lib/blueprints");
    Files.writeString(blueprints.resolve("good.toml"), "name = 'good'\ndescription = ''\n");
    Files.writeString(blueprints.resolve("bad.toml"), "name = 'bad'\n");
    Files.write(blueprints.resolve("foreign.toml"), new byte[] {(byte) 0xff});
    try (StartedProgram server = start()) {
      server.awaitLine("Starting weldr-composer-");
      String messages = RawClient.ask(socket, "GET", "/api/status").json().path("msgs").toString();
      assertTrue(messages.contains("bad.toml was not imported: Missing 'description'"), messages);
      assertTrue(messages.contains("foreign.toml was not imported: "), messages);
      assertFalse(messages.contains("good.toml"), messages);
      assertEquals(
          "[\"good\"]",
          RawClient.ask(socket, "GET", "/api/v1/blueprints/list")
              .json()
              .path("blueprints")
              .toString());
    }
  }

  @Test
  void theVersionIsPrinted() throws Exception {
    try (StartedProgram server = StartedProgram.start(program.command(List.of("-V")), Map.of())) {
      assertEquals("weldr-composer-" + Version.text() + "\n", server.standardOutput());
      server.awaitFailure(0);
    }
  }
}
