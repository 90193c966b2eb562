package io.weldr.worker.job;

import io.weldr.worker.job.ComposeIndex.Entry;
import io.weldr.worker.job.ComposeIndex.Stamp;
import io.weldr.worker.spec.FailureCode;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The bytes of {@link ComposeIndex}: a number for this format, all strings there are, then the
 * composes with strings as numbers, and last the CRC-32C of everything before. Numbers are big
 * endian; a string is its length in bytes and UTF-8. Change the first number whenever {@link
 * ComposeRecord} or what is written of it changes; {@code IndexFormatTest} sees when that is
 * forgotten.
 */
final class IndexFormat {
  private static final long FORMAT = 0x7765_6c64_7201L;
  private static final int CHECKSUM = Long.BYTES;

  private static final ComposeState[] STATES = ComposeState.values();
  private static final FailureCode[] CODES = FailureCode.values();

  private IndexFormat() {}

  static byte[] encode(Map<UUID, Entry> entries) throws IOException {
    Map<String, Integer> strings = new LinkedHashMap<>();
    ByteArrayOutputStream composes = new ByteArrayOutputStream();
    Output out = new Output(new DataOutputStream(composes), strings);
    for (Entry entry : entries.values()) {
      out.entry(entry);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    DataOutputStream head = new DataOutputStream(all);
    head.writeLong(FORMAT);
    head.writeInt(strings.size());
    for (String string : strings.keySet()) {
      byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
      head.writeInt(bytes.length);
      head.write(bytes);
    }
    head.writeInt(entries.size());
    composes.writeTo(head);
    head.writeLong(checksum(ByteBuffer.wrap(all.toByteArray())));
    return all.toByteArray();
  }

  /**
   * Reads what {@link #encode} made.
   *
   * @throws IOException when these are other bytes
   */
  static Map<UUID, Entry> decode(byte[] bytes) throws IOException {
    try {
      ByteBuffer content = ByteBuffer.wrap(bytes);
      if (content.getLong() != FORMAT) {
        throw new IOException("the index of composes is of another version");
      }
      int length = bytes.length - CHECKSUM;
      if (content.getLong(length) != checksum(ByteBuffer.wrap(bytes, 0, length))) {
        throw new IOException("the index of composes is not complete");
      }
      String[] strings = strings(bytes, content);
      Input in = new Input(content, strings);
      int count = count(content);
      Map<UUID, Entry> entries = HashMap.newHashMap(count);
      for (int i = 0; i < count; i++) {
        Entry entry = in.entry();
        entries.put(entry.record().id(), entry);
      }
      return entries;
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException("the index of composes is not complete", e);
    }
  }

  /** A number of things that take a byte each at least; memory is only asked for what can be. */
  private static int count(ByteBuffer content) {
    return Objects.checkIndex(content.getInt(), content.remaining());
  }

  private static String[] strings(byte[] bytes, ByteBuffer content) {
    String[] strings = new String[count(content)];
    for (int i = 0; i < strings.length; i++) {
      int length = content.getInt();
      strings[i] = new String(bytes, content.position(), length, StandardCharsets.UTF_8);
      content.position(content.position() + length);
    }
    return strings;
  }

  private static long checksum(ByteBuffer content) {
    CRC32C checksum = new CRC32C();
    checksum.update(content);
    return checksum.getValue();
  }

  private record Output(DataOutputStream out, Map<String, Integer> strings) {
    void entry(Entry entry) throws IOException {
      out.writeLong(entry.stamp().modified());
      out.writeLong(entry.stamp().size());
      ComposeRecord compose = entry.record();
      out.writeLong(compose.id().getMostSignificantBits());
      out.writeLong(compose.id().getLeastSignificantBits());
      out.writeLong(compose.sequence());
      string(compose.specSha256());
      string(compose.blueprintName());
      string(compose.blueprintVersion());
      string(compose.outputType());
      out.writeByte(compose.state().ordinal());
      out.writeLong(compose.createdMs());
      optional(compose.startedMs());
      optional(compose.finishedMs());
      out.writeInt(compose.attempt());
      image(compose.image());
      failure(compose.failure());
      out.writeInt(compose.stages().size());
      for (ComposeRecord.StageTime stage : compose.stages()) {
        string(stage.stage());
        out.writeLong(stage.millis());
      }
      out.writeLong(compose.claim().submitter());
      out.writeLong(compose.claim().libBytes());
      out.writeLong(compose.claim().cacheBytes());
    }

    private void string(String text) throws IOException {
      Integer next = strings.size();
      Integer known = strings.putIfAbsent(text, next);
      out.writeInt(known == null ? next : known);
    }

    private void optional(OptionalLong value) throws IOException {
      out.writeBoolean(value.isPresent());
      out.writeLong(value.orElse(0));
    }

    private void image(Optional<ComposeRecord.Image> image) throws IOException {
      out.writeBoolean(image.isPresent());
      if (image.isPresent()) {
        string(image.get().name());
        out.writeLong(image.get().size());
        string(image.get().sha256());
      }
    }

    private void failure(Optional<ComposeRecord.Failure> failure) throws IOException {
      out.writeBoolean(failure.isPresent());
      if (failure.isPresent()) {
        out.writeByte(failure.get().code().ordinal());
        string(failure.get().stage());
        string(failure.get().message());
        string(failure.get().hint());
      }
    }
  }

  private record Input(ByteBuffer in, String[] strings) {
    Entry entry() {
      Stamp stamp = new Stamp(in.getLong(), in.getLong());
      return new Entry(
          stamp,
          new ComposeRecord(
              new UUID(in.getLong(), in.getLong()),
              in.getLong(),
              string(),
              string(),
              string(),
              string(),
              STATES[in.get()],
              in.getLong(),
              optional(),
              optional(),
              in.getInt(),
              Optional.empty(),
              image(),
              Optional.empty(),
              failure(),
              stages(),
              new Claim(in.getLong(), in.getLong(), in.getLong())));
    }

    private String string() {
      return strings[in.getInt()];
    }

    private boolean present() {
      return in.get() != 0;
    }

    private OptionalLong optional() {
      boolean present = present();
      long value = in.getLong();
      return present ? OptionalLong.of(value) : OptionalLong.empty();
    }

    private Optional<ComposeRecord.Image> image() {
      return present()
          ? Optional.of(new ComposeRecord.Image(string(), in.getLong(), string()))
          : Optional.empty();
    }

    private Optional<ComposeRecord.Failure> failure() {
      return present()
          ? Optional.of(new ComposeRecord.Failure(CODES[in.get()], string(), string(), string()))
          : Optional.empty();
    }

    private List<ComposeRecord.StageTime> stages() {
      int count = count(in);
      List<ComposeRecord.StageTime> stages = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        stages.add(new ComposeRecord.StageTime(string(), in.getLong()));
      }
      return stages;
    }
  }
}
