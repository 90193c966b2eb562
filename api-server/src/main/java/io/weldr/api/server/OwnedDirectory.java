package io.weldr.api.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** A directory with the owner and the mode that the start demands. */
final class OwnedDirectory {
  private static final int OTHERS = 07;

  private OwnedDirectory() {}

  /**
   * Creates a directory of mode 0750 with an owner and a group, if there is none. Root only.
   *
   * @return whether it was created
   */
  static boolean create(Path directory, int uid, int gid) throws StartupException {
    try {
      Path parent = directory.getParent();
      if (parent != null && !Files.exists(parent)) {
        Files.createDirectories(
            parent,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      }
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.setAttribute(directory, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(directory, "unix:mode", 0750, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(directory, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new StartupException("Cannot create directory " + directory + ": " + e.getMessage(), e);
    }
  }

  /**
   * The directory of the socket: it guards who may connect, so others may have no rights in it, and
   * only root and the group may own it.
   */
  static void checkSocketDirectory(Path directory, int gid, String group) throws StartupException {
    Map<String, Object> found = attributes(directory);
    if ((mode(found) & OTHERS) != 0) {
      throw new StartupException(
          "Incorrect permissions on %s, no 'other' permissions are allowed.".formatted(directory));
    }
    if ((int) found.get("uid") != 0 || (int) found.get("gid") != gid) {
      throw new StartupException("%s should be owned by root:%s".formatted(directory, group));
    }
  }

  /** A directory of state: others may neither read nor write it. */
  static void checkStateDirectory(Path directory) throws StartupException {
    if ((mode(attributes(directory)) & 06) != 0) {
      throw new StartupException(
          "Incorrect permissions on %s, no o+rw permissions are allowed.".formatted(directory));
    }
  }

  /** The directory of the API user's own files. A directory of root's is handed over. Root only. */
  static void handOver(Path directory, Identity identity) throws StartupException {
    Map<String, Object> found = attributes(directory);
    try {
      if ((int) found.get("uid") == 0) {
        // Nobody but root can write here, so the name still means what was looked at.
        Files.setAttribute(directory, "unix:gid", identity.gid(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(directory, "unix:uid", identity.uid(), LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new StartupException("Cannot change the owner of " + directory + ".", e);
    }
    checkOwner(directory, identity);
  }

  /** The directory must belong to the API user. */
  static void checkOwner(Path directory, Identity identity) throws StartupException {
    if ((int) attributes(directory).get("uid") != identity.uid()) {
      throw new StartupException(
          "%s should be owned by %s:%s".formatted(directory, identity.user(), identity.group()));
    }
  }

  /** Whether only root can put files into a directory. */
  static boolean onlyRootWrites(Path directory) throws StartupException {
    Map<String, Object> found = attributes(directory);
    return (int) found.get("uid") == 0 && (mode(found) & 022) == 0;
  }

  private static int mode(Map<String, Object> attributes) {
    return (int) attributes.get("mode") & 07777;
  }

  private static Map<String, Object> attributes(Path directory) throws StartupException {
    try {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new StartupException(
            Files.exists(directory, LinkOption.NOFOLLOW_LINKS)
                ? directory + " is not a directory."
                : "Directory " + directory + " does not exist.");
      }
      return Files.readAttributes(directory, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new StartupException("Cannot look at directory " + directory + ".", e);
    }
  }
}
