package io.weldr.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** Starts by root that are refused, and what is said then. */
class RefusedStartTest extends StartedByRoot {
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
  void badUsageEndsWithTwo() throws Exception {
    try (StartedProgram server = start("--bogus")) {
      String said = server.awaitFailure(2);
      assertTrue(said.contains("weldr-composer: error: unrecognized arguments: --bogus"), said);
    }
  }
}
