package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weldr.api.http.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program started for real: by root, and with a socket as systemd hands it over. */
class StartTest {
  private static final String USER = "nobody";
  private static final String GROUP = "nogroup";

  @TempDir static Path installed;
  private static InstalledProgram program;

  @TempDir Path directory;
  private Path socket;
  private Path configuration;
  private int uid;
  private int gid;

  @BeforeAll
  static void install() throws IOException {
    assumeTrue(Libc.effectiveUid() == 0, "only root can start the program by hand");
    program = InstalledProgram.in(installed);
  }

  @BeforeEach
  void prepare() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    socket = directory.resolve("run/api.socket");
    uid = Libc.uid(USER).orElseThrow();
    gid = Libc.gid(GROUP).orElseThrow();
    configuration = InstalledProgram.configuration(directory);
  }

  private List<String> command(String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--config=" + configuration,
                "--socket=" + socket,
                "--user=" + USER,
                "--group=" + GROUP,
                "--no-system-repos",
                "--log=" + directory.resolve("log/composer.log")));
    arguments.addAll(List.of(options));
    arguments.add(directory.resolve("lib/blueprints").toString());
    return program.command(arguments);
  }

  private StartedProgram start(String... options) throws IOException {
    return StartedProgram.start(command(options), Map.of());
  }

  private void assertDropped(long pid) throws IOException {
    List<Path> threads;
    try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      threads = tasks.toList();
    }
    assertTrue(threads.size() > 5, threads.toString());
    for (Path thread : threads) {
      List<String> status = Files.readAllLines(thread.resolve("status"));
      assertTrue(status.contains("Uid:\t%1$d\t%1$d\t%1$d\t%1$d".formatted(uid)), status.toString());
      assertTrue(status.contains("Gid:\t%1$d\t%1$d\t%1$d\t%1$d".formatted(gid)), status.toString());
      assertTrue(status.contains("NoNewPrivs:\t1"), status.toString());
      for (String set : List.of("CapPrm", "CapEff", "CapAmb")) {
        assertTrue(status.contains(set + ":\t0000000000000000"), status.toString());
      }
    }
  }

  private static String owner(Path path) throws IOException {
    Map<String, Object> found =
        Files.readAttributes(path, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
    return "%d:%d %04o"
        .formatted((int) found.get("uid"), (int) found.get("gid"), (int) found.get("mode") & 07777);
  }

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
  void aSocketDirectoryThatOthersMayEnterIsRefused() throws Exception {
    Files.createDirectory(socket.getParent());
    Files.setAttribute(socket.getParent(), "unix:gid", gid);
    Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwxr-x--x"));
    try (StartedProgram server = start()) {
      String said = server.awaitFailure(1);
      assertTrue(
          said.contains(
              "Incorrect permissions on %s, no 'other' permissions are allowed."
                  .formatted(socket.getParent())),
          said);
    }
  }

  @Test
  void aSocketDirectoryOfSomebodyElseIsRefused() throws Exception {
    Files.createDirectory(socket.getParent());
    Files.setAttribute(socket.getParent(), "unix:uid", uid);
    Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwxr-x---"));
    try (StartedProgram server = start()) {
      String said = server.awaitFailure(1);
      assertTrue(
          said.contains("%s should be owned by root:%s".formatted(socket.getParent(), GROUP)),
          said);
    }
  }

  @Test
  void missingUserAndGroupAreBothReported() throws Exception {
    try (StartedProgram server = start("--user=no-such-user", "--group=no-such-group")) {
      String said = server.awaitFailure(1);
      assertTrue(said.contains("Missing user 'no-such-user'"), said);
      assertTrue(said.contains("Missing group 'no-such-group'"), said);
    }
  }

  @Test
  void requestsAreNeverServedAsRoot() throws Exception {
    try (StartedProgram server = start("--user=root")) {
      String said = server.awaitFailure(1);
      assertTrue(said.contains("never served as root"), said);
    }
    assertFalse(Files.exists(socket));
  }

  @Test
  void aLinkInTheDirectoryOfTheLogsIsNotFollowed() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "root's\n");
    Path logs = Files.createDirectory(directory.resolve("log"));
    Files.createSymbolicLink(logs.resolve("composer.log"), precious);
    Files.setAttribute(logs, "unix:uid", uid);
    try (StartedProgram server = start()) {
      String said = server.awaitFailure(1);
      assertTrue(said.contains("Cannot write the log"), said);
    }
    assertEquals("root's\n", Files.readString(precious));
  }

  @Test
  void blueprintsOfAnotherUserAreRefused() throws Exception {
    Path blueprints = Files.createDirectories(directory.resolve("lib/blueprints"));
    Files.setAttribute(blueprints, "unix:uid", uid + 1);
    try (StartedProgram server = start()) {
      String said = server.awaitFailure(1);
      assertTrue(
          said.contains("%s should be owned by %s:%s".formatted(blueprints, USER, GROUP)), said);
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
  void badUsageEndsWithTwo() throws Exception {
    try (StartedProgram server = start("--bogus")) {
      String said = server.awaitFailure(2);
      assertTrue(said.contains("weldr-composer: error: unrecognized arguments: --bogus"), said);
    }
  }

  @Test
  void theVersionIsPrinted() throws Exception {
    try (StartedProgram server = StartedProgram.start(program.command(List.of("-V")), Map.of())) {
      assertEquals("weldr-composer-" + Version.text() + "\n", server.standardOutput());
      server.awaitFailure(0);
    }
  }

  /** What systemd does with a socket unit, in a few lines. */
  private static final String SYSTEMD =
      """
      import os, socket, sys
      path, count, uid, gid = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
      listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
      listener.bind(path)
      os.chown(path, 0, gid)
      os.chmod(path, 0o660)
      listener.listen(128)
      if listener.fileno() != 3:
          os.dup2(listener.fileno(), 3)
      os.set_inheritable(3, True)
      os.environ['LISTEN_FDS'] = count
      os.environ['LISTEN_PID'] = str(os.getpid())
      os.setgroups([gid])
      os.setresgid(gid, gid, gid)
      os.setresuid(uid, uid, uid)
      os.execv(sys.argv[5], sys.argv[5:])
      """;

  private StartedProgram startBySystemd(int user, String count, Map<String, String> environment)
      throws IOException {
    Files.createDirectories(socket.getParent());
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/python3",
                "-c",
                SYSTEMD,
                socket.toString(),
                count,
                Integer.toString(user),
                Integer.toString(gid)));
    command.addAll(command());
    return StartedProgram.start(command, environment);
  }

  private void prepareDirectoriesOfUser() throws IOException {
    for (String name : List.of("log", "lib/blueprints", "lib/sources", "cache")) {
      Path made = Files.createDirectories(directory.resolve(name));
      Files.setAttribute(made, "unix:uid", uid);
    }
  }

  @Test
  void startedAsTheUserItServesOnTheSocketThatSystemdHandsOver() throws Exception {
    prepareDirectoriesOfUser();
    Path notify = directory.resolve("notify.socket");
    try (DatagramSocketFile manager = DatagramSocketFile.bind(notify);
        StartedProgram server =
            startBySystemd(uid, "1", Map.of("NOTIFY_SOCKET", notify.toString()))) {
      server.awaitLine("Starting weldr-composer-");
      assertTrue(manager.receive().startsWith("READY=1\n"));
      assertEquals("HTTP/1.1 200 OK", StartedProgram.statusLine(socket));
      assertDropped(server.pid());
      assertEquals(143, server.terminate());
      assertEquals("STOPPING=1", manager.receive());
    }
    assertTrue(Files.exists(socket), "the socket is systemd's");
  }

  @Test
  void startedAsRootWithASocketOfSystemdItDropsAsWell() throws Exception {
    try (StartedProgram server = startBySystemd(0, "1", Map.of())) {
      server.awaitLine("Starting weldr-composer-");
      assertEquals("HTTP/1.1 200 OK", StartedProgram.statusLine(socket));
      assertDropped(server.pid());
    }
  }

  @Test
  void aDescriptorThatIsNoSocketIsLeftAlone() throws Exception {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"", "sh"));
    command.addAll(command());
    try (StartedProgram server = StartedProgram.start(command, Map.of())) {
      String said = server.awaitFailure(1);
      assertTrue(said.contains("systemd must hand over a listening unix stream socket"), said);
    }
  }

  @Test
  void severalSocketsAreRefused() throws Exception {
    prepareDirectoriesOfUser();
    try (StartedProgram server = startBySystemd(uid, "2", Map.of())) {
      String said = server.awaitFailure(1);
      assertTrue(said.contains("weldr-composer only supports inheriting 1 fd from systemd."), said);
    }
  }

  @Test
  void aUserOtherThanTheNamedOneIsRefused() throws Exception {
    prepareDirectoriesOfUser();
    try (StartedProgram server = startBySystemd(uid - 1, "1", Map.of())) {
      String said = server.awaitFailure(1);
      assertTrue(said.contains("Started with uid %d".formatted(uid - 1)), said);
    }
  }

  @Test
  void aSocketMeantForAnotherProcessIsNotTaken() throws Exception {
    List<String> command = command();
    try (StartedProgram server =
        StartedProgram.start(command, Map.of("LISTEN_FDS", "1", "LISTEN_PID", "1"))) {
      server.awaitLine("Starting weldr-composer-");
      assertEquals("0:%d 0660".formatted(gid), owner(socket));
    }
  }
}
