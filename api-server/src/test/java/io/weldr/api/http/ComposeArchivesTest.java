package io.weldr.api.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.compose.ComposeState;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compose/metadata}, {@code results} and {@code logs}: api.md 8.8, compose.md 13. */
class ComposeArchivesTest {
  private static final List<String> RECORDS =
      List.of(
          "COMMIT",
          "STATUS",
          "TEST",
          "blueprint.toml",
          "config.toml",
          "deps.toml",
          "final-kickstart.ks",
          "frozen.toml",
          "tar.ks",
          "times.toml");

  private static final List<String> LOGS =
      List.of("logs/", "logs/combined.log", "logs/more/", "logs/more/program.log");

  @TempDir Path directory;
  private RunningServer server;
  private UUID id;
  private Path files;

  @BeforeEach
  void start() throws IOException {
    server = RunningServer.in(directory);
    id = server.composes.add(ComposeState.FINISHED, 7);
    files = Files.createDirectories(server.results.resolve(id.toString()));
    for (String name : RECORDS) {
      Files.writeString(files.resolve(name), "content of " + name);
    }
    Files.createDirectories(files.resolve("logs/more"));
    Files.writeString(files.resolve("logs/combined.log"), "a line\n");
    Files.writeString(files.resolve("logs/more/program.log"), "another\n");
    Files.writeString(files.resolve("root.tar.xz"), "x".repeat(100_000));
    // What is in no archive:
    Files.createDirectories(files.resolve("compose/tree"));
    Files.writeString(files.resolve("compose/tree/huge"), "work area");
    Files.writeString(files.resolve(".hidden"), "hidden");
    Files.writeString(files.resolve("stray"), "stray");
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    Files.createSymbolicLink(files.resolve("UPLOADS"), secret);
    Files.createSymbolicLink(files.resolve("logs/link.log"), secret);
    Files.createSymbolicLink(files.resolve("repo"), directory);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Reply archive(String route) throws IOException {
    Reply reply = server.get("/api/v1/compose/" + route + "/" + id);
    assertEquals(200, reply.status());
    assertEquals("application/x-tar", reply.header("Content-Type"));
    assertEquals("chunked", reply.header("Transfer-Encoding"));
    return reply;
  }

  /** Names of the members, in order, with their content. */
  private static Map<String, String> members(byte[] archive) throws IOException {
    Map<String, String> members = new LinkedHashMap<>();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        members.put(e.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return members;
  }

  @Test
  void metadataIsEverythingButLogsAndImage() throws IOException {
    Reply reply = archive("metadata");
    assertEquals(
        "attachment; filename=" + id + "-metadata.tar", reply.header("Content-Disposition"));
    Map<String, String> members = members(reply.bytes());
    assertEquals(RECORDS, List.copyOf(members.keySet()));
    assertEquals("content of frozen.toml", members.get("frozen.toml"));
  }

  @Test
  void logsAreTheDirectoryOfLogs() throws IOException {
    Reply reply = archive("logs");
    assertEquals("attachment; filename=" + id + "-logs.tar", reply.header("Content-Disposition"));
    assertEquals(LOGS, List.copyOf(members(reply.bytes()).keySet()));
  }

  @Test
  void resultsAreEverythingTheImageLast() throws IOException {
    Reply reply = archive("results");
    assertEquals("attachment; filename=" + id + ".tar", reply.header("Content-Disposition"));
    List<String> all = new ArrayList<>(RECORDS);
    all.addAll(LOGS);
    all.add("root.tar.xz");
    Map<String, String> members = members(reply.bytes());
    assertEquals(all, List.copyOf(members.keySet()));
    assertEquals(100_000, members.get("root.tar.xz").length());
  }

  @Test
  void membersHaveModeOwnerAndTimeOfTheFiles() throws IOException {
    Path status = files.resolve("STATUS");
    Files.setPosixFilePermissions(status, PosixFilePermissions.fromString("rw-r-----"));
    byte[] archive = archive("metadata").bytes();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (!entry.getName().equals("STATUS")) {
        entry = tar.getNextEntry();
      }
      assertEquals(0640, entry.getMode());
      assertEquals((int) Files.getAttribute(status, "unix:uid"), entry.getLongUserId());
      assertEquals(
          Files.getLastModifiedTime(status).toInstant().getEpochSecond(),
          entry.getLastModifiedTime().toInstant().getEpochSecond());
    }
  }

  @Test
  void theLogsOfAComposeThatNeverRanAreAnEmptyArchive() throws IOException {
    UUID failed = server.composes.add(ComposeState.FAILED, 0);
    Files.createDirectory(server.results.resolve(failed.toString()));
    Reply reply = server.get("/api/v1/compose/logs/" + failed);
    assertEquals(200, reply.status());
    assertEquals(Map.of(), members(reply.bytes()));
    assertTrue(reply.bytes().length >= 1024, "an archive ends with two empty blocks");
  }

  @Test
  void aResultThatIsGoneIsAnError() throws IOException {
    UUID gone = server.composes.add(ComposeState.FAILED, 0);
    Reply reply = server.get("/api/v1/compose/metadata/" + gone);
    assertEquals(400, reply.status());
    assertEquals("ComposeError: Cannot read the results of " + gone, reply.error(0));
  }

  @Test
  void theConnectionGoesOnAfterAHead() throws IOException {
    try (RawClient client = new RawClient(server.socket)) {
      for (String route : List.of("metadata", "results", "logs")) {
        client.send(RawClient.request("HEAD", "/api/v1/compose/" + route + "/" + id));
        Reply head = client.reply(true);
        assertEquals(200, head.status());
        assertTrue(head.header("Content-Disposition").startsWith("attachment; filename=" + id));
      }
    }
  }

  @Test
  void anArchiveThatCannotBeFinishedDoesNotLookFinished() throws IOException {
    Path image = files.resolve("root.tar.xz");
    try (RandomAccessFile sparse = new RandomAccessFile(image.toFile(), "rw")) {
      sparse.setLength(1L << 30);
    }
    try (RawClient client = new RawClient(server.socket)) {
      client.send(RawClient.request("GET", "/api/v1/compose/results/" + id));
      client.readSome();
      try (RandomAccessFile sparse = new RandomAccessFile(image.toFile(), "rw")) {
        sparse.setLength(1);
      }
      assertThrows(EOFException.class, client::replyRest);
    }
  }
}
