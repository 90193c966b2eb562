package io.weldr.api.server;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The user and the group that requests are served as.
 *
 * @param uid never 0
 */
record Identity(String user, int uid, String group, int gid) {

  /**
   * Looks both names up.
   *
   * @throws StartupException when one is missing (both are reported), or when the user is root:
   *     requests are never served as root
   */
  static Identity lookUp(String user, String group) throws StartupException {
    OptionalInt uid = Libc.uid(user);
    OptionalInt gid = Libc.gid(group);
    List<String> missing = new ArrayList<>();
    if (uid.isEmpty()) {
      missing.add("Missing user '" + user + "'");
    }
    if (gid.isEmpty()) {
      missing.add("Missing group '" + group + "'");
    }
    if (!missing.isEmpty()) {
      throw new StartupException(missing);
    }
    if (uid.getAsInt() == 0) {
      throw new StartupException(
          "Requests are never served as root: choose an unprivileged user with --user.");
    }
    return new Identity(user, uid.getAsInt(), group, gid.getAsInt());
  }
}
