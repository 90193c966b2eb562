package io.weldr.worker.host;

/**
 * Who may use a file or directory the worker makes. The owner is always root.
 *
 * @param permissions nine characters, e.g. {@code rw-r-----}
 */
public record Access(String permissions, int gid) {
  /** A file for root alone. */
  public static final Access ROOT_FILE = new Access("rw-------", 0);

  /** A directory for root alone. */
  public static final Access ROOT_DIRECTORY = new Access("rwx------", 0);

  /** A file that the group may read. */
  public static Access groupFile(int gid) {
    return new Access("rw-r-----", gid);
  }

  /** A directory that the group may list. */
  public static Access groupDirectory(int gid) {
    return new Access("rwxr-x---", gid);
  }
}
