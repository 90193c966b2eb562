package io.weldr.worker;

import io.weldr.worker.host.Access;
import io.weldr.worker.host.Cgroup;
import io.weldr.worker.host.DurableFiles;
import io.weldr.worker.host.Identity;
import io.weldr.worker.host.ResourceControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What must be so before the worker may serve: who it runs as, the host's tools, and directories
 * that only root can write. Missing directories are made.
 *
 * <p>Security: a state directory, or one above it, that somebody else can write would let them
 * exchange what root works on, so the worker does not start on one.
 */
final class StartupChecks {
  private static final List<String> TOOLS =
      List.of("/bin/sh", "/usr/bin/setsid", "/usr/bin/unshare", "/usr/sbin/losetup");

  private StartupChecks() {}

  /**
   * What the checks found out.
   *
   * @param apiUid the only uid that may call
   * @param gid group that may read results
   * @param cgroups jobs get theirs below this one
   * @param control with what the kernel limits them
   */
  record Host(int apiUid, int gid, Cgroup cgroups, ResourceControl control) {}

  /**
   * @throws ConfigurationException saying what to correct
   */
  static Host run(WorkerConfiguration configuration) throws ConfigurationException {
    if (!Identity.isRoot()) {
      throw new ConfigurationException("build-worker must run as root");
    }
    requireTools(configuration);
    int apiUid = require(Identity.uidOf(configuration.apiUser()), "user", configuration.apiUser());
    int gid = require(Identity.gidOf(configuration.group()), "group", configuration.group());
    if (apiUid == 0) {
      throw new ConfigurationException("api_user must not be root; use the user weldr");
    }
    try {
      directories(configuration, gid);
      Cgroup cgroups = cgroups();
      return new Host(apiUid, gid, cgroups, ResourceControl.enable(cgroups));
    } catch (IOException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whether the installed data is where it should be, which is read before the other checks.
   *
   * @throws ConfigurationException saying what to correct
   */
  static void requireData(WorkerConfiguration configuration) throws ConfigurationException {
    if (!Files.isDirectory(configuration.shareDir().resolve("composer"))) {
      throw new ConfigurationException(
          configuration.shareDir() + "/composer is not there; correct share_dir");
    }
  }

  private static int require(OptionalInt id, String kind, String name)
      throws ConfigurationException {
    return id.orElseThrow(
        () ->
            new ConfigurationException(
                "there is no " + kind + " \"" + name + "\"; make it with systemd-sysusers"));
  }

  private static void requireTools(WorkerConfiguration configuration)
      throws ConfigurationException {
    List<String> missing = new ArrayList<>(TOOLS);
    missing.add(configuration.java().toString());
    missing.removeIf(tool -> Files.isExecutable(Path.of(tool)));
    if (!missing.isEmpty()) {
      throw new ConfigurationException(
          "missing on this host: " + String.join(", ", missing) + "; install util-linux and a JDK");
    }
  }

  private static void directories(WorkerConfiguration configuration, int gid) throws IOException {
    Path lib = configuration.libDir();
    make(lib, new Access("rwxr-x--x", gid));
    make(lib.resolve("results"), Access.groupDirectory(gid));
    make(lib.resolve("jobs"), Access.ROOT_DIRECTORY);
    make(configuration.cacheDir(), new Access("rwxr-xr-x", 0));
    make(configuration.auditLog().getParent(), new Access("rwxr-x---", 0));
    DurableFiles.apply(lib.resolve("results"), Access.groupDirectory(gid));
    DurableFiles.apply(lib.resolve("jobs"), Access.ROOT_DIRECTORY);
  }

  /** Makes it and what is missing above it; what is there must be root's alone to write. */
  private static void make(Path directory, Access access) throws IOException {
    if (directory.getParent() == null) {
      return;
    }
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      make(directory.getParent(), new Access("rwxr-xr-x", 0));
      DurableFiles.createDirectory(directory, access);
      DurableFiles.syncDirectory(directory.getParent());
    }
    requireRootOnly(directory);
    for (Path above = directory.getParent(); above != null; above = above.getParent()) {
      requireRootOnly(above);
    }
  }

  private static void requireRootOnly(Path directory) throws IOException {
    Map<String, Object> found = Files.readAttributes(directory, "unix:mode,uid");
    int mode = (int) found.get("mode");
    boolean sticky = (mode & 01000) != 0;
    if ((mode & 0170000) != 0040000) {
      throw new IOException(directory + " is not a directory; move it away");
    }
    if (!found.get("uid").equals(0) || ((mode & 022) != 0 && !sticky)) {
      throw new IOException(
          directory
              + " can be written by others than root; correct it with `chown root` and"
              + " `chmod go-w`, or use another place");
    }
  }

  /** Shows by trying that cgroups can be made here. */
  private static Cgroup cgroups() throws IOException {
    Cgroup own = Cgroup.own();
    Cgroup probe = own.child("weldr-probe-" + ProcessHandle.current().pid());
    try {
      probe.create();
      if (!Files.exists(probe.path().resolve("cgroup.kill"))) {
        throw new IOException("the kernel has no cgroup.kill; Linux 5.14 or newer is needed");
      }
      return own;
    } catch (IOException e) {
      throw new IOException(
          "no cgroup can be made below " + own.path() + " (Delegate=yes in the unit?): " + e, e);
    } finally {
      Files.deleteIfExists(probe.path());
    }
  }
}
