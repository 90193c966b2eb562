package io.weldr.api.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives up root for good. The C library changes all threads of the process; afterwards the kernel
 * is asked about every one of them, and the start ends if a single one kept a right.
 */
final class PrivilegeDrop {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final Set<String> CAPABILITIES = Set.of("CapPrm", "CapEff", "CapAmb");

  private PrivilegeDrop() {}

  /**
   * Becomes the API user with its group as the only group, if the process is root, and sets
   * no_new_privs. A process that is not root must be the API user already.
   *
   * @throws StartupException when any thread has another identity or a capability afterwards
   */
  static void perform(Identity identity) throws StartupException {
    try {
      if (Libc.effectiveUid() == 0) {
        Libc.setNoNewPrivilegesOnAllThreads();
        Libc.setGroups(identity.gid());
        Libc.setGid(identity.gid());
        Libc.setUid(identity.uid());
        verify(TASKS, identity, true);
      } else {
        if (!noNewPrivileges(TASKS)) {
          Libc.setNoNewPrivilegesOnAllThreads();
        }
        verify(TASKS, identity, false);
      }
    } catch (Libc.CallFailed e) {
      throw new StartupException("Cannot give up root: " + e.getMessage() + ".", e);
    }
    if (rootAgain()) {
      throw new StartupException("Root could be taken back; refusing to go on.");
    }
  }

  private static boolean rootAgain() {
    try {
      Libc.setUid(0);
      return true;
    } catch (Libc.CallFailed e) {
      return false;
    }
  }

  private static boolean noNewPrivileges(Path tasks) throws StartupException {
    return statuses(tasks).stream().allMatch(status -> "1".equals(status.get("NoNewPrivs")));
  }

  /**
   * Checks the status files of all threads.
   *
   * @param tasks a directory like {@code /proc/self/task}, see proc(5)
   * @param onlyGroup whether the group must be the only one
   */
  static void verify(Path tasks, Identity identity, boolean onlyGroup) throws StartupException {
    List<Map<String, String>> statuses = statuses(tasks);
    if (statuses.isEmpty()) {
      throw new StartupException("No threads in " + tasks + "; refusing to go on.");
    }
    for (Map<String, String> status : statuses) {
      demand(status, "Uid", four(identity.uid()));
      demand(status, "Gid", four(identity.gid()));
      demand(status, "NoNewPrivs", "1");
      if (onlyGroup) {
        demand(status, "Groups", Integer.toString(identity.gid()));
      }
      for (String capability : CAPABILITIES) {
        demand(status, capability, "0000000000000000");
      }
    }
  }

  private static String four(int id) {
    return "%d\t%d\t%d\t%d".formatted(id, id, id, id);
  }

  private static void demand(Map<String, String> status, String key, String expected)
      throws StartupException {
    String found = status.getOrDefault(key, "");
    if (!found.equals(expected)) {
      throw new StartupException(
          "Thread %s has %s %s and not %s; refusing to go on."
              .formatted(
                  status.getOrDefault("Pid", "?"),
                  key,
                  found.replace('\t', ' '),
                  expected.replace('\t', ' ')));
    }
  }

  private static List<Map<String, String>> statuses(Path tasks) throws StartupException {
    List<Map<String, String>> statuses = new ArrayList<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        try {
          statuses.add(status(Files.readAllLines(thread.resolve("status"))));
        } catch (IOException e) {
          // A thread may end meanwhile.
          if (Files.exists(thread)) {
            throw e;
          }
        }
      }
    } catch (IOException e) {
      throw new StartupException("Cannot verify the identity of the threads.", e);
    }
    return statuses;
  }

  private static Map<String, String> status(List<String> lines) {
    Map<String, String> status = new HashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        status.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return status;
  }
}
