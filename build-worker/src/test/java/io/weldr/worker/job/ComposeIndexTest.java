package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.spec.FailureCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that starts with what an earlier one put into its index. */
class ComposeIndexTest {
  @TempDir Path lib;

  private UUID id;
  private Path state;
  private Path index;
  private ComposeRecord ended;

  @BeforeEach
  void compose() throws Exception {
    index = lib.resolve("composes.index");
    try (Composes composes = TestJobs.open(lib, 1)) {
      id = TestJobs.submit(composes.queue(), TestJobs.job("finish")).id();
      TestJobs.awaitEnd(composes.queue(), id);
      ended = TestJobs.await(composes.queue(), id, record -> record.cgroup().isEmpty());
    }
    state = lib.resolve("jobs/" + id + "/state.json");
  }

  @Test
  void aStateThatHasNotChangedIsNotReadAgain() throws Exception {
    assertTrue(Files.exists(index));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(index)));
    FileTime time = Files.getLastModifiedTime(state);
    Files.write(state, new byte[(int) Files.size(state)]);
    Files.setLastModifiedTime(state, time);
    assertEquals(Optional.of(ended), started(), "else this shows nothing of the index");
  }

  @Test
  void aStateOfAnotherTimeOrSizeIsReadAgain() throws Exception {
    String json = Files.readString(state);
    FileTime time = Files.getLastModifiedTime(state);
    Files.writeString(state, json.replace("\"attempt\":1", "\"attempt\":2"));
    Files.setLastModifiedTime(state, FileTime.fromMillis(time.toMillis() + 10_000));
    assertEquals(2, started().orElseThrow().attempt());
    Files.writeString(state, json.replace("\"attempt\":1", "\"attempt\":33"));
    Files.setLastModifiedTime(state, FileTime.fromMillis(time.toMillis() + 10_000));
    assertEquals(33, started().orElseThrow().attempt());
  }

  @Test
  void aDamagedIndexIsNotMissed() throws Exception {
    byte[] whole = Files.readAllBytes(index);
    for (byte[] content : List.of(new byte[0], "{}".getBytes(StandardCharsets.UTF_8))) {
      Files.write(index, content);
      assertEquals(Optional.of(ended), started());
      assertArrayEquals(whole, Files.readAllBytes(index), "written anew at the stop");
    }
    Files.delete(index);
    Files.createDirectory(index);
    assertEquals(Optional.of(ended), started());
  }

  @Test
  void damageOfTheOtherFilesIsSeen() throws Exception {
    Path image = lib.resolve("results/" + id + "/root.tar.xz");
    byte[] content = Files.readAllBytes(image);
    Files.delete(image);
    assertEquals(FailureCode.DAMAGED, started().orElseThrow().failure().orElseThrow().code());
    Files.write(image, content);
    assertEquals(Optional.of(ended), started(), "whole again");
    ComposeStore.remove(lib.resolve("results"), id.toString());
    assertEquals(FailureCode.DAMAGED, started().orElseThrow().failure().orElseThrow().code());
  }

  @Test
  void whatIsGoneStaysGone() throws Exception {
    ComposeStore.remove(lib.resolve("results"), id.toString());
    ComposeStore.remove(lib.resolve("jobs"), id.toString());
    assertEquals(Optional.empty(), started());
    assertEquals(Map.of(), IndexFormat.decode(Files.readAllBytes(index)));
  }

  private Optional<ComposeRecord> started() throws Exception {
    try (Composes composes = TestJobs.open(lib, 1)) {
      return composes.queue().find(id);
    }
  }
}
