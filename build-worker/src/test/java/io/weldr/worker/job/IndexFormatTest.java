package io.weldr.worker.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.job.ComposeIndex.Entry;
import io.weldr.worker.job.ComposeIndex.Stamp;
import io.weldr.worker.spec.FailureCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class IndexFormatTest {
  private static final Entry FINISHED =
      new Entry(
          new Stamp(1_700_000_000_123_456_789L, 700),
          new ComposeRecord(
              new UUID(1, 2),
              3,
              "ab".repeat(32),
              "web-sërver",
              "1.2.3",
              "qcow2",
              ComposeState.FINISHED,
              10,
              OptionalLong.of(11),
              OptionalLong.of(12),
              2,
              Optional.empty(),
              Optional.of(new ComposeRecord.Image("disk.qcow2", 1L << 40, "cd".repeat(32))),
              Optional.empty(),
              Optional.empty(),
              List.of(
                  new ComposeRecord.StageTime("fetch", 1), new ComposeRecord.StageTime("image", 2)),
              new Claim(1000, 5, 6)));

  private static final Entry FAILED =
      new Entry(
          new Stamp(0, 0),
          new ComposeRecord(
              new UUID(-1, Long.MIN_VALUE),
              Long.MAX_VALUE,
              "",
              "",
              "",
              "",
              ComposeState.FAILED,
              -1,
              OptionalLong.empty(),
              OptionalLong.of(0),
              0,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(
                  new ComposeRecord.Failure(FailureCode.CANCELLED, "install", "line\nline", "💡")),
              List.of(),
              Claim.NONE));

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    assertEquals(entries(), IndexFormat.decode(IndexFormat.encode(entries())));
    assertEquals(Map.of(), IndexFormat.decode(IndexFormat.encode(Map.of())));
  }

  @Test
  void anotherFormatNeedsAnotherNumber() throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(IndexFormat.encode(entries()));
    assertEquals(
        "8da47600",
        Long.toHexString(checksum.getValue()),
        "what is written has changed: raise IndexFormat.FORMAT, then correct this number");
  }

  @Test
  void nothingIsBelievedOfAShortenedOrChangedIndex() throws IOException {
    byte[] whole = IndexFormat.encode(entries());
    for (int i = 0; i < whole.length; i++) {
      byte[] shortened = Arrays.copyOf(whole, i);
      assertThrows(IOException.class, () -> IndexFormat.decode(shortened), "length " + i);
      byte[] changed = whole.clone();
      changed[i] ^= 0x40;
      assertThrows(IOException.class, () -> IndexFormat.decode(changed), "byte " + i);
    }
  }

  /** As a fault of the program that wrote it would leave it: only the checksum is right. */
  @Test
  void wrongBytesWithARightChecksumAreDamageOrAnotherState() throws IOException {
    byte[] whole = IndexFormat.encode(entries());
    int damaged = 0;
    for (int i = 0; i < whole.length - Long.BYTES; i++) {
      for (int mask : new int[] {0x01, 0x40, 0x80, 0xff}) {
        byte[] changed = whole.clone();
        changed[i] ^= (byte) mask;
        CRC32C checksum = new CRC32C();
        checksum.update(changed, 0, changed.length - Long.BYTES);
        ByteBuffer.wrap(changed).putLong(changed.length - Long.BYTES, checksum.getValue());
        try {
          IndexFormat.decode(changed);
        } catch (IOException e) {
          damaged++;
        }
      }
    }
    assertTrue(damaged > 100, "damaged " + damaged);
  }

  private static Map<UUID, Entry> entries() {
    Map<UUID, Entry> entries = new LinkedHashMap<>();
    entries.put(FINISHED.record().id(), FINISHED);
    entries.put(FAILED.record().id(), FAILED);
    return entries;
  }
}
