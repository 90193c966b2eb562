package io.weldr.api.blueprint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.zip.Deflater;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/** A git object that is about to be written. Not safe for use by several threads. */
final class GitObject {
  private final ObjectId id;
  private final int type;
  private final byte[] content;
  private Optional<byte[]> deflated = Optional.empty();

  private GitObject(int type, byte[] content, ObjectId id) {
    this.type = type;
    this.content = content;
    this.id = id;
  }

  private static GitObject of(int type, byte[] content) {
    MessageDigest sha1 = sha1();
    sha1.update(header(type, content.length));
    return new GitObject(type, content, ObjectId.fromRaw(sha1.digest(content)));
  }

  static GitObject blob(byte[] content) {
    return of(Constants.OBJ_BLOB, content);
  }

  static GitObject commit(byte[] content) {
    return of(Constants.OBJ_COMMIT, content);
  }

  static GitObject tag(byte[] content) {
    return of(Constants.OBJ_TAG, content);
  }

  static GitObject tree(RootTree tree) {
    return new GitObject(Constants.OBJ_TREE, tree.bytes(), tree.id());
  }

  ObjectId id() {
    return id;
  }

  /** One of {@link Constants#OBJ_BLOB} and its fellows. */
  int type() {
    return type;
  }

  byte[] content() {
    return content;
  }

  /** The content as packs have it. */
  byte[] deflated() throws IOException {
    if (deflated.isEmpty()) {
      deflated = Optional.of(deflated(new byte[0]));
    }
    return deflated.get();
  }

  /** The header and the content as a loose object has them. */
  byte[] loose() throws IOException {
    return deflated(header(type, content.length));
  }

  /** Trees are mostly hashes, which do not compress. */
  private byte[] deflated(byte[] before) throws IOException {
    int level = type == Constants.OBJ_TREE ? Deflater.NO_COMPRESSION : Deflater.BEST_SPEED;
    return ObjectFiles.deflated(level, before, content);
  }

  /** What precedes the content in a loose object, and is hashed with it. */
  static byte[] header(int type, int length) {
    return (Constants.typeString(type) + " " + length + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
