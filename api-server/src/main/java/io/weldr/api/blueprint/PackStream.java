package io.weldr.api.blueprint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.eclipse.jgit.internal.storage.file.BasePackIndexWriter;
import org.eclipse.jgit.internal.storage.pack.DeltaEncoder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.PackedObjectInfo;

/**
 * Builds a pack file and its index in memory, in the format of gitformat-pack(5), version 2. A tree
 * is stored as its difference to the one before (OFS_DELTA): a thousand commits to a tree of a
 * thousand files then take kilobytes instead of megabytes.
 */
final class PackStream {
  /** Readers apply one difference after the other; git makes chains of at most 50 too. */
  private static final int MAX_CHAIN = 50;

  private static final int BLOCK = 1_024;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Map<ObjectId, PackedObjectInfo> entries = new LinkedHashMap<>();
  private Optional<GitObject> lastTree = Optional.empty();
  private int chain;
  private Optional<byte[]> finished = Optional.empty();

  /** An object as it is in a pack, with type and size before it. */
  record Packed(ObjectId id, byte[] bytes) {}

  PackStream() {
    // The count of objects is filled in at the end.
    out.writeBytes(new byte[] {'P', 'A', 'C', 'K', 0, 0, 0, 2, 0, 0, 0, 0});
  }

  /** Adds an object and returns what was added; one that is already there is left out. */
  Optional<Packed> add(GitObject object) {
    if (entries.containsKey(object.id())) {
      return Optional.empty();
    }
    Packed packed = new Packed(object.id(), encode(object));
    append(packed);
    return Optional.of(packed);
  }

  /** Adds what {@link #add} returned for another pack that began in the same way. */
  void append(Packed packed) {
    PackedObjectInfo entry = new PackedObjectInfo(packed.id());
    entry.setOffset(out.size());
    CRC32 crc = new CRC32();
    crc.update(packed.bytes());
    entry.setCRC((int) crc.getValue());
    entries.put(packed.id(), entry);
    out.writeBytes(packed.bytes());
  }

  List<ObjectId> ids() {
    return List.copyOf(entries.keySet());
  }

  int size() {
    return entries.size();
  }

  /** The whole pack, with its checksum at the end; nothing can be added any more. */
  byte[] finish() {
    if (finished.isEmpty()) {
      byte[] pack = Arrays.copyOf(out.toByteArray(), out.size() + Constants.OBJECT_ID_LENGTH);
      ByteBuffer.wrap(pack).putInt(8, entries.size());
      MessageDigest sha1 = GitObject.sha1();
      sha1.update(pack, 0, out.size());
      System.arraycopy(sha1.digest(), 0, pack, out.size(), Constants.OBJECT_ID_LENGTH);
      finished = Optional.of(pack);
    }
    return finished.get();
  }

  private byte[] checksum() {
    return Arrays.copyOfRange(finish(), out.size(), out.size() + Constants.OBJECT_ID_LENGTH);
  }

  /** Of the pack's files, without suffix. */
  String name() {
    return "pack-" + HexFormat.of().formatHex(checksum());
  }

  /** The index of the pack, version 2. */
  byte[] index() throws IOException {
    List<PackedObjectInfo> sorted = new ArrayList<>(entries.values());
    sorted.sort(null);
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    BasePackIndexWriter.createVersion(index, 2).write(sorted, checksum());
    return index.toByteArray();
  }

  private byte[] encode(GitObject object) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    try {
      if (object.type() != Constants.OBJ_TREE) {
        typeAndSize(encoded, object.type(), object.content().length);
        encoded.writeBytes(object.deflated());
      } else if (lastTree.isPresent() && chain < MAX_CHAIN) {
        GitObject base = lastTree.get();
        byte[] delta = delta(base.content(), object.content());
        typeAndSize(encoded, Constants.OBJ_OFS_DELTA, delta.length);
        distance(encoded, out.size() - entries.get(base.id()).getOffset());
        encoded.writeBytes(ObjectFiles.deflated(Deflater.BEST_SPEED, delta));
        chain++;
      } else {
        typeAndSize(encoded, object.type(), object.content().length);
        encoded.writeBytes(object.deflated());
        chain = 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to memory", e);
    }
    if (object.type() == Constants.OBJ_TREE) {
      lastTree = Optional.of(object);
    }
    return encoded.toByteArray();
  }

  /** Copies what is equal at both ends and inserts the middle. */
  private static byte[] delta(byte[] base, byte[] result) throws IOException {
    int shorter = Math.min(base.length, result.length);
    int mismatch = Arrays.mismatch(base, result);
    int prefix = mismatch < 0 ? shorter : mismatch;
    int suffix = equalBlocksAtEnd(base, result, shorter - prefix);
    while (suffix < shorter - prefix
        && base[base.length - 1 - suffix] == result[result.length - 1 - suffix]) {
      suffix++;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DeltaEncoder encoder = new DeltaEncoder(bytes, base.length, result.length);
    // A copy of length 0 would mean 65536 bytes.
    if (prefix > 0) {
      encoder.copy(0, prefix);
    }
    encoder.insert(result, prefix, result.length - prefix - suffix);
    if (suffix > 0) {
      encoder.copy(base.length - suffix, suffix);
    }
    return bytes.toByteArray();
  }

  /** Bytes at the end that are equal, at most so many and in whole blocks: faster than singly. */
  private static int equalBlocksAtEnd(byte[] base, byte[] result, int most) {
    int equal = 0;
    while (equal + BLOCK <= most
        && Arrays.equals(
            base,
            base.length - equal - BLOCK,
            base.length - equal,
            result,
            result.length - equal - BLOCK,
            result.length - equal)) {
      equal += BLOCK;
    }
    return equal;
  }

  /** Four bits of size beside the type, then seven in each byte, low bits first. */
  private static void typeAndSize(ByteArrayOutputStream out, int type, int size) {
    int b = (type << 4) | (size & 0xf);
    int rest = size >>> 4;
    while (rest != 0) {
      out.write(b | 0x80);
      b = rest & 0x7f;
      rest >>>= 7;
    }
    out.write(b);
  }

  /**
   * How far back the base begins: seven bits per byte, high bits first, each further byte plus 1.
   */
  private static void distance(ByteArrayOutputStream out, long distance) {
    byte[] bytes = new byte[10];
    int at = bytes.length;
    bytes[--at] = (byte) (distance & 0x7f);
    for (long rest = distance >>> 7; rest != 0; rest >>>= 7) {
      rest--;
      bytes[--at] = (byte) (0x80 | (rest & 0x7f));
    }
    out.write(bytes, at, bytes.length - at);
  }
}
