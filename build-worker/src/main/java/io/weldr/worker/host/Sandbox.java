package io.weldr.worker.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A place to run a program in, made by bubblewrap for that one run: it sees the directories it is
 * given and nothing else of the host.
 *
 * <p>Security: programs in a sandbox have their own mount, pid, ipc and uts namespaces, no network
 * unless {@link #withNetwork} is asked for, no terminal, and only the capabilities that are named,
 * so that neither a package's script nor a damaged archive reaches the host. Paths given here are
 * the worker's own, computed from its configuration and the id of the compose; they are operands of
 * constant options. The sandbox ends with its first process, and dies with the thread that started
 * it: run it from a thread that waits for it.
 */
public final class Sandbox {
  private static final String BWRAP = "/usr/bin/bwrap";

  /**
   * What package scripts need as root of their tree: accounts, owners, modes, file capabilities,
   * device nodes and chroot.
   */
  private static final List<String> PACKAGE_SCRIPTS =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SYS_CHROOT",
          "CAP_AUDIT_WRITE",
          "CAP_MKNOD");

  private final List<String> mounts;
  private final List<String> capabilities;
  private final boolean network;
  private final Map<String, String> environment;

  private Sandbox(
      List<String> mounts,
      List<String> capabilities,
      boolean network,
      Map<String, String> environment) {
    this.mounts = List.copyOf(mounts);
    this.capabilities = List.copyOf(capabilities);
    this.network = network;
    this.environment = Map.copyOf(environment);
  }

  /** A tree as the root directory, with the capabilities that package scripts need. */
  public static Sandbox ofTree(Path tree) {
    List<String> mounts = new ArrayList<>(List.of("--bind", tree.toString(), "/"));
    mounts.addAll(fresh());
    return new Sandbox(mounts, PACKAGE_SCRIPTS, false, Map.of());
  }

  /** The host's programs, read-only, without its configuration and without any capability. */
  public static Sandbox ofHostPrograms() {
    List<String> mounts = new ArrayList<>(List.of("--ro-bind", "/usr", "/usr"));
    for (String directory : List.of("bin", "sbin", "lib", "lib64")) {
      mounts.addAll(List.of("--symlink", "usr/" + directory, "/" + directory));
    }
    mounts.addAll(fresh());
    return new Sandbox(mounts, List.of(), false, Map.of());
  }

  private static List<String> fresh() {
    return fresh("");
  }

  private static List<String> fresh(String root) {
    List<String> mounts =
        new ArrayList<>(List.of("--proc", root + "/proc", "--dev", root + "/dev"));
    mounts.addAll(List.of("--tmpfs", root + "/run", "--perms", "1777", "--tmpfs", root + "/tmp"));
    return mounts;
  }

  /** With a directory or file of the host that can be read. */
  public Sandbox readOnly(Path host, String inside) {
    return mounted("--ro-bind", host, inside);
  }

  /** As {@link #readOnly}, where the host has it. */
  public Sandbox readOnlyIfThere(Path host, String inside) {
    return mounted("--ro-bind-try", host, inside);
  }

  /** With a directory of the host that can be written. */
  public Sandbox writable(Path host, String inside) {
    return mounted("--bind", host, inside);
  }

  /** With an empty directory, which hides what is there. */
  public Sandbox empty(String inside) {
    List<String> more = new ArrayList<>(mounts);
    more.addAll(List.of("--perms", "0755", "--tmpfs", inside));
    return new Sandbox(more, capabilities, network, environment);
  }

  /**
   * With a tree below another root, for a program of the host that changes its root to it before it
   * runs any program of the tree; with the capabilities that package scripts need. The tree must
   * have the directories proc, dev, run and tmp.
   */
  public Sandbox withTree(Path tree, String inside) {
    List<String> more = new ArrayList<>(mounts);
    more.addAll(List.of("--bind", tree.toString(), inside));
    more.addAll(fresh(inside));
    return new Sandbox(more, PACKAGE_SCRIPTS, network, environment);
  }

  /** With these capabilities and no others, e.g. {@code CAP_CHOWN}. */
  public Sandbox withCapabilities(String... names) {
    return new Sandbox(mounts, List.of(names), network, environment);
  }

  /** With the host's network. */
  public Sandbox withNetwork() {
    return new Sandbox(mounts, capabilities, true, environment);
  }

  /** With a variable in the environment. */
  public Sandbox with(String variable, String value) {
    Map<String, String> changed = new TreeMap<>(environment);
    changed.put(variable, value);
    return new Sandbox(mounts, capabilities, network, changed);
  }

  /** A run of a program in a fresh sandbox. */
  public Subprocess command(List<String> argv) {
    List<String> all = new ArrayList<>(List.of(BWRAP));
    all.addAll(mounts);
    all.addAll(
        List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "localhost"));
    if (!network) {
      all.add("--unshare-net");
    }
    all.addAll(List.of("--die-with-parent", "--new-session", "--chdir", "/", "--cap-drop", "ALL"));
    for (String capability : capabilities) {
      all.addAll(List.of("--cap-add", capability));
    }
    all.add("--");
    all.addAll(argv);
    Subprocess process = Subprocess.of(all);
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      process = process.environment(variable.getKey(), variable.getValue());
    }
    return process;
  }

  /** As {@link #command(List)}. */
  public Subprocess command(String... argv) {
    return command(List.of(argv));
  }

  private Sandbox mounted(String option, Path host, String inside) {
    List<String> more = new ArrayList<>(mounts);
    more.addAll(List.of(option, host.toString(), inside));
    return new Sandbox(more, capabilities, network, environment);
  }
}
