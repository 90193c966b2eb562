package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The program started with a socket as systemd hands it over. */
class SystemdSocketTest extends StartedByRoot {
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
