package io.weldr.worker.host;

import java.util.OptionalInt;
import jnr.posix.Group;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;

/**
 * Numbers of the host's users and groups.
 *
 * <p>Security: getpwnam and getgrnam share one static buffer in the C library, so calls are
 * serialized and the number is copied out before the next one.
 */
public final class Identity {
  private static final POSIX POSIX_CALLS = POSIXFactory.getNativePOSIX();

  private Identity() {}

  /** The uid of a user; empty when there is none of that name. */
  public static synchronized OptionalInt uidOf(String user) {
    Passwd entry = POSIX_CALLS.getpwnam(user);
    return entry == null ? OptionalInt.empty() : OptionalInt.of((int) entry.getUID());
  }

  /** The gid of a group; empty when there is none of that name. */
  public static synchronized OptionalInt gidOf(String group) {
    Group entry = POSIX_CALLS.getgrnam(group);
    return entry == null ? OptionalInt.empty() : OptionalInt.of((int) entry.getGID());
  }

  /** Whether this process runs as root. */
  public static boolean isRoot() {
    return POSIX_CALLS.geteuid() == 0;
  }
}
