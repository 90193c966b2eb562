package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests that start the installed program as root have in common. */
abstract class StartedByRoot {
  static final String USER = "nobody";
  static final String GROUP = "nogroup";

  @TempDir static Path installed;
  static InstalledProgram program;

  @TempDir Path directory;
  Path socket;
  Path configuration;
  int uid;
  int gid;

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

  List<String> command(String... options) throws IOException {
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

  StartedProgram start(String... options) throws IOException {
    return StartedProgram.start(command(options), Map.of());
  }

  void assertDropped(long pid) throws IOException {
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

  static String owner(Path path) throws IOException {
    Map<String, Object> found =
        Files.readAttributes(path, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
    return "%d:%d %04o"
        .formatted((int) found.get("uid"), (int) found.get("gid"), (int) found.get("mode") & 07777);
  }

  void prepareDirectoriesOfUser() throws IOException {
    for (String name : List.of("log", "lib/blueprints", "lib/sources", "cache")) {
      Path made = Files.createDirectories(directory.resolve(name));
      Files.setAttribute(made, "unix:uid", uid);
    }
  }
}
