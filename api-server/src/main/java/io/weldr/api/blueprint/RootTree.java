package io.weldr.api.blueprint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The root tree of a commit in git's own form: per entry {@code MODE NAME NUL} and 20 bytes of
 * object id, sorted by name. Changing one entry copies the bytes around it, so entries that are no
 * blueprints survive and a tree of a thousand costs microseconds. Only the writer thread asks for
 * ids and makes changed trees.
 */
final class RootTree {
  private static final byte[] FILE_MODE = "100644 ".getBytes(StandardCharsets.US_ASCII);

  /** Bytes between two states of the hash that are remembered. */
  private static final int STEP = 2_048;

  private final byte[] bytes;

  /**
   * The hash after the header and after each step of bytes. A tree that is as long as another one
   * begins with the states before the first byte that differs: hashing takes longest of all that a
   * change of a large tree takes.
   */
  private final List<MessageDigest> states;

  RootTree(byte[] bytes) {
    this(bytes, List.of());
  }

  private RootTree(byte[] bytes, List<MessageDigest> states) {
    this.bytes = bytes;
    this.states = new ArrayList<>(states);
  }

  byte[] bytes() {
    return bytes;
  }

  /** Of the tree as a git object. */
  ObjectId id() {
    if (states.isEmpty()) {
      MessageDigest sha1 = GitObject.sha1();
      sha1.update(GitObject.header(Constants.OBJ_TREE, bytes.length));
      states.add(sha1);
    }
    while (states.size() * STEP <= bytes.length) {
      MessageDigest next = copy(states.getLast());
      next.update(bytes, (states.size() - 1) * STEP, STEP);
      states.add(next);
    }
    int hashed = (states.size() - 1) * STEP;
    MessageDigest last = copy(states.getLast());
    last.update(bytes, hashed, bytes.length - hashed);
    return ObjectId.fromRaw(last.digest());
  }

  private static MessageDigest copy(MessageDigest state) {
    try {
      return (MessageDigest) state.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's SHA-1 can be copied", e);
    }
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
    boolean sameHeader = changed.length == bytes.length;
    int unchanged = sameHeader ? Math.min(from / STEP + 1, states.size()) : 0;
    return new RootTree(changed, states.subList(0, unchanged));
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
