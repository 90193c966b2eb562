package io.weldr.api.blueprint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/** A git object that is about to be written. */
final class GitObject {
  private final ObjectId id;
  private final int type;
  private final byte[] content;
  private final Optional<GitObject> similar;

  private GitObject(int type, byte[] content, Optional<GitObject> similar) {
    this.type = type;
    this.content = content;
    this.similar = similar;
    MessageDigest sha1 = sha1();
    sha1.update(header());
    this.id = ObjectId.fromRaw(sha1.digest(content));
  }

  static GitObject blob(byte[] content) {
    return new GitObject(Constants.OBJ_BLOB, content, Optional.empty());
  }

  static GitObject commit(byte[] content) {
    return new GitObject(Constants.OBJ_COMMIT, content, Optional.empty());
  }

  static GitObject tag(byte[] content) {
    return new GitObject(Constants.OBJ_TAG, content, Optional.empty());
  }

  /**
   * A tree.
   *
   * @param similar a tree written together with this one that differs little, to save space
   */
  static GitObject tree(byte[] content, Optional<GitObject> similar) {
    return new GitObject(Constants.OBJ_TREE, content, similar);
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

  Optional<GitObject> similar() {
    return similar;
  }

  /** What precedes the content in a loose object, and is hashed with it. */
  byte[] header() {
    return (Constants.typeString(type) + " " + content.length + "\0")
        .getBytes(StandardCharsets.US_ASCII);
  }

  static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
