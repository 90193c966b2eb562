package io.weldr.api.blueprint;

import io.weldr.api.store.DurableFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The histories of a branch as a file, so that opening does not read every commit again. A file
 * that is missing, old or damaged costs only time: git has everything.
 *
 * <p>Format: magic, head, number of files; per file its name, number of entries and, newest first,
 * commit, content, seconds and message; last the SHA-1 of all that.
 */
final class IndexFile {
  private static final int MAGIC = 0x77626931;

  private IndexFile() {}

  /** What the file holds: histories up to a commit. */
  record Histories(ObjectId head, Map<String, FileHistory> files) {}

  static void write(Path file, Histories histories) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    histories.head().copyRawTo(out);
    out.writeInt(histories.files().size());
    for (Map.Entry<String, FileHistory> history : histories.files().entrySet()) {
      out.writeUTF(history.getKey());
      out.writeInt(history.getValue().size());
      for (FileHistory.Entry entry : history.getValue().page(0, Integer.MAX_VALUE)) {
        entry.commit().copyRawTo(out);
        entry.content().copyRawTo(out);
        out.writeLong(entry.time().getEpochSecond());
        // Messages of other gits may be longer than the format takes.
        out.writeUTF(entry.message().substring(0, Math.min(entry.message().length(), 10_000)));
      }
    }
    out.write(GitObject.sha1().digest(bytes.toByteArray()));
    DurableFiles.write(file, bytes.toByteArray());
  }

  /** Reads a file; empty when there is none that can be used. */
  static Optional<Histories> read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    int length = bytes.length - Constants.OBJECT_ID_LENGTH;
    if (length < 0) {
      return Optional.empty();
    }
    byte[] content = Arrays.copyOf(bytes, length);
    if (!Arrays.equals(
        GitObject.sha1().digest(content), Arrays.copyOfRange(bytes, length, bytes.length))) {
      return Optional.empty();
    }
    return histories(new DataInputStream(new ByteArrayInputStream(content)));
  }

  private static Optional<Histories> histories(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      return Optional.empty();
    }
    ObjectId head = id(in);
    Map<String, FileHistory> files = new LinkedHashMap<>();
    for (int count = in.readInt(); count > 0; count--) {
      String name = in.readUTF();
      List<FileHistory.Entry> entries = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        entries.add(
            new FileHistory.Entry(
                id(in), id(in), Instant.ofEpochSecond(in.readLong()), in.readUTF()));
      }
      Optional<FileHistory> history = Optional.empty();
      for (FileHistory.Entry entry : entries.reversed()) {
        history = Optional.of(FileHistory.with(entry, history));
      }
      history.ifPresent(h -> files.put(name, h));
    }
    return Optional.of(new Histories(head, files));
  }

  private static ObjectId id(DataInputStream in) throws IOException {
    return ObjectId.fromRaw(in.readNBytes(Constants.OBJECT_ID_LENGTH));
  }
}
