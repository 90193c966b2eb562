package io.weldr.api.blueprint;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The root tree of a commit in git's own form: per entry {@code MODE NAME NUL} and 20 bytes of
 * object id, sorted by name. Changing one entry copies the bytes around it, so entries that are no
 * blueprints survive and a tree of a thousand costs microseconds.
 */
final class RootTree {
  static final RootTree EMPTY = new RootTree(new byte[0]);

  private static final byte[] FILE_MODE = "100644 ".getBytes(StandardCharsets.US_ASCII);

  private final byte[] bytes;

  RootTree(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Calls back for every plain file, in git's order. */
  void forEachFile(BiConsumer<String, ObjectId> action) {
    for (int at = 0; at < bytes.length; at = end(at)) {
      if (FileMode.REGULAR_FILE.equals(mode(at)) || FileMode.EXECUTABLE_FILE.equals(mode(at))) {
        action.accept(name(at), id(at));
      }
    }
  }

  /** The content of a file, if the tree has it. */
  Optional<ObjectId> find(String file) {
    int at = place(file);
    return isEntry(at, file) ? Optional.of(id(at)) : Optional.empty();
  }

  /** The same tree with a file added or replaced. */
  RootTree with(String file, ObjectId content) {
    byte[] name = file.getBytes(StandardCharsets.UTF_8);
    byte[] entry = Arrays.copyOf(FILE_MODE, FILE_MODE.length + name.length + 1 + 20);
    System.arraycopy(name, 0, entry, FILE_MODE.length, name.length);
    content.copyRawTo(entry, FILE_MODE.length + name.length + 1);
    int at = place(file);
    return splice(at, isEntry(at, file) ? end(at) : at, entry);
  }

  /** The same tree without a file it has. */
  RootTree without(String file) {
    int at = place(file);
    if (!isEntry(at, file)) {
      throw new IllegalArgumentException("no such entry");
    }
    return splice(at, end(at), new byte[0]);
  }

  private RootTree splice(int from, int to, byte[] replacement) {
    byte[] changed = new byte[bytes.length - (to - from) + replacement.length];
    System.arraycopy(bytes, 0, changed, 0, from);
    System.arraycopy(replacement, 0, changed, from, replacement.length);
    System.arraycopy(bytes, to, changed, from + replacement.length, bytes.length - to);
    return new RootTree(changed);
  }

  /** Where a file is or has to be; git sorts as if names of directories ended in a slash. */
  private int place(String file) {
    byte[] wanted = file.getBytes(StandardCharsets.UTF_8);
    int at = 0;
    while (at < bytes.length && compare(at, wanted) < 0) {
      at = end(at);
    }
    return at;
  }

  private int compare(int at, byte[] wanted) {
    int start = nameStart(at);
    int length = nameEnd(at) - start;
    int common = Math.min(length, wanted.length);
    int order = Arrays.compareUnsigned(bytes, start, start + common, wanted, 0, common);
    if (order != 0) {
      return order;
    }
    int next =
        length > common ? bytes[start + common] & 0xff : FileMode.TREE.equals(mode(at)) ? '/' : 0;
    int wantedNext = wanted.length > common ? wanted[common] & 0xff : 0;
    return Integer.compare(next, wantedNext);
  }

  private boolean isEntry(int at, String file) {
    return at < bytes.length && name(at).equals(file);
  }

  private int mode(int at) {
    int mode = 0;
    for (int i = at; bytes[i] != ' '; i++) {
      mode = (mode << 3) + (bytes[i] - '0');
    }
    return mode;
  }

  private int nameStart(int at) {
    int i = at;
    while (bytes[i] != ' ') {
      i++;
    }
    return i + 1;
  }

  private int nameEnd(int at) {
    int i = nameStart(at);
    while (bytes[i] != 0) {
      i++;
    }
    return i;
  }

  private String name(int at) {
    int start = nameStart(at);
    return new String(bytes, start, nameEnd(at) - start, StandardCharsets.UTF_8);
  }

  private ObjectId id(int at) {
    return ObjectId.fromRaw(bytes, nameEnd(at) + 1);
  }

  private int end(int at) {
    return nameEnd(at) + 1 + Constants.OBJECT_ID_LENGTH;
  }
}
