package io.weldr.api.blueprint;

import io.weldr.api.store.Failpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * One file of the {@link CommitJournal}: a git pack in the making, and the refs that moved. Not
 * safe for use by several threads.
 *
 * <p>Format: records, each of magic number, length of the rest, epoch, CRC-32C of what follows;
 * number of objects, per object its id, length and bytes as in a pack; number of refs, per ref its
 * name, old and new id (zeros for none); name of the pack copy, or empty. Records of another epoch
 * are left over from earlier use, and a torn one is the last.
 */
final class JournalSegment implements AutoCloseable {
  private static final int MAGIC = 0x77626a31;
  private static final int HEADER = 3 * Integer.BYTES + Long.BYTES;

  /** Written beforehand: an fsync then has no new blocks to make durable, only the data. */
  private static final int PREPARED = 2 << 20;

  private final FileChannel file;
  private long epoch;
  private long end;
  private boolean broken;
  private PackStream pack = new PackStream();
  private List<RefChange> refs = new ArrayList<>();
  private Set<String> packCopies = new LinkedHashSet<>();

  private JournalSegment(FileChannel file) {
    this.file = file;
  }

  /**
   * Opens a file and reads what it holds.
   *
   * @param path made when it does not exist; its directory must then be fsynced
   */
  static JournalSegment open(Path path) throws IOException {
    byte[] content = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      JournalSegment segment = new JournalSegment(file);
      segment.read(ByteBuffer.wrap(content));
      if (content.length < PREPARED) {
        segment.write(content.length, new byte[PREPARED - content.length]);
        file.force(true);
      }
      return segment;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void read(ByteBuffer content) throws IOException {
    while (content.remaining() >= HEADER && content.getInt() == MAGIC) {
      int length = content.getInt();
      long recordEpoch = content.getLong();
      int checksum = content.getInt();
      if (length < 0 || length > content.remaining() || (end > 0 && recordEpoch != epoch)) {
        return;
      }
      byte[] payload = new byte[length];
      content.get(payload);
      if (checksum(recordEpoch, payload) != checksum) {
        return;
      }
      epoch = recordEpoch;
      end = content.position();
      remember(new DataInputStream(new ByteArrayInputStream(payload)));
    }
  }

  private void remember(DataInputStream in) throws IOException {
    for (int count = in.readInt(); count > 0; count--) {
      ObjectId id = id(in);
      pack.append(new PackStream.Packed(id, in.readNBytes(in.readInt())));
    }
    for (int count = in.readInt(); count > 0; count--) {
      String ref = in.readUTF();
      ObjectId from = id(in);
      refs.add(
          new RefChange(ref, Optional.of(from).filter(i -> !i.equals(ObjectId.zeroId())), id(in)));
    }
    Optional.of(in.readUTF()).filter(name -> !name.isEmpty()).ifPresent(packCopies::add);
  }

  /**
   * Adds a record; it survives a power cut at the return.
   *
   * @param packCopy name of the pack that will hold the objects where git sees them; empty when
   *     they will be loose
   */
  void append(List<GitObject> objects, List<RefChange> changes, Optional<String> packCopy)
      throws IOException {
    if (broken) {
      throw new IllegalStateException("a record could not be written");
    }
    // Later records may build on objects of this one, so there are none when it fails.
    broken = true;
    byte[] payload = payload(objects, changes, packCopy);
    byte[] record =
        ByteBuffer.allocate(HEADER + payload.length)
            .putInt(MAGIC)
            .putInt(payload.length)
            .putLong(epoch)
            .putInt(checksum(epoch, payload))
            .put(payload)
            .array();
    refs.addAll(changes);
    packCopy.ifPresent(packCopies::add);
    write(end, record);
    Failpoint.FILE_BEFORE_SYNC.hit();
    file.force(false);
    Failpoint.FILE_SYNCED.hit();
    end += record.length;
    broken = false;
  }

  private byte[] payload(
      List<GitObject> objects, List<RefChange> changes, Optional<String> packCopy)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    List<PackStream.Packed> added =
        objects.stream().map(pack::add).flatMap(Optional::stream).toList();
    out.writeInt(added.size());
    for (PackStream.Packed object : added) {
      object.id().copyRawTo(out);
      out.writeInt(object.bytes().length);
      out.write(object.bytes());
    }
    out.writeInt(changes.size());
    for (RefChange change : changes) {
      out.writeUTF(change.ref());
      change.from().orElse(ObjectId.zeroId()).copyRawTo(out);
      change.to().copyRawTo(out);
    }
    out.writeUTF(packCopy.orElse(""));
    return bytes.toByteArray();
  }

  /** Forgets everything; what is written next gets another epoch. */
  void clear(long nextEpoch) throws IOException {
    if (end > 0 || broken) {
      write(0, new byte[HEADER]);
      file.truncate(PREPARED);
      file.force(true);
    }
    epoch = nextEpoch;
    end = 0;
    broken = false;
    pack = new PackStream();
    refs = new ArrayList<>();
    packCopies = new LinkedHashSet<>();
  }

  /** Of the records, in bytes. */
  long size() {
    return end;
  }

  boolean isEmpty() {
    return end == 0 && !broken;
  }

  /** Whether a record could not be written; until it is cleared the segment takes no more. */
  boolean isBroken() {
    return broken;
  }

  long epoch() {
    return epoch;
  }

  PackStream pack() {
    return pack;
  }

  /** In the order in which they happened. */
  List<RefChange> refs() {
    return List.copyOf(refs);
  }

  Set<String> packCopies() {
    return Set.copyOf(packCopies);
  }

  private void write(long position, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      file.write(buffer, position + buffer.position());
    }
  }

  private static int checksum(long epoch, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(epoch).flip());
    crc.update(payload);
    return (int) crc.getValue();
  }

  private static ObjectId id(DataInputStream in) throws IOException {
    return ObjectId.fromRaw(in.readNBytes(Constants.OBJECT_ID_LENGTH));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
