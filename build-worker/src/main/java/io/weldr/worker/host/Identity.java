package io.weldr.worker.host;

import java.util.OptionalInt;

/**
 * Numbers of the host's users and groups.
 *
 * <p>Security: getpwnam and getgrnam share one static buffer in the C library, so calls are
 * serialized and the number is copied out before the next one.
 */
public final class Identity {
  private Identity() {}

  /** The uid of a user; empty when there is none of that name. */
  public static synchronized OptionalInt uidOf(String user) {
    return NativeCalls.uidOf(user);
  }

  /** The gid of a group; empty when there is none of that name. */
  public static synchronized OptionalInt gidOf(String group) {
    return NativeCalls.gidOf(group);
  }

  /** Whether this process runs as root. */
  public static boolean isRoot() {
    return NativeCalls.effectiveUid() == 0;
  }
}
