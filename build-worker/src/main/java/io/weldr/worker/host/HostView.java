package io.weldr.worker.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The host's file system with some directories exchanged, for one program that must be root and
 * believes that it has the machine to itself.
 *
 * <p>Security: no sandbox: what runs here has all rights of the job. It has mount, pid, ipc and
 * host name namespaces of its own, so what it mounts, leaves running or writes to an exchanged
 * directory ends with it and is not seen by the host. The shell runs a constant script; directories
 * are its arguments.
 */
public final class HostView {
  /** Takes triples of operation, source and target up to {@code --}, then becomes the program. */
  private static final String MOUNT =
      """
      while [ "$1" != -- ]; do
        case "$1" in
          directory) mkdir -p -- "$3"; mount --rbind -- "$2" "$3" ;;
          file) mount --bind -- "$2" "$3" ;;
          fresh) mount -t tmpfs -o mode=0755 -- "$2" "$3" ;;
        esac
        shift 3
      done
      shift
      exec "$@"
      """;

  private static final List<String> UNSHARE =
      List.of(
          "/usr/bin/unshare",
          "--mount",
          "--propagation",
          "private",
          "--pid",
          "--fork",
          "--kill-child",
          "--ipc",
          "--uts",
          "--mount-proc",
          "--",
          "/bin/sh",
          "-euc",
          MOUNT,
          "view");

  private final List<String> mounts;

  private HostView(List<String> mounts) {
    this.mounts = List.copyOf(mounts);
  }

  /** The host's file system as the job sees it. */
  public static HostView whole() {
    return new HostView(List.of());
  }

  /** With a directory in place of another, which is made where it is not there. */
  public HostView directory(Path source, String target) {
    return with("directory", source.toString(), target);
  }

  /** With a file in place of another, which must be there. */
  public HostView file(Path source, String target) {
    return with("file", source.toString(), target);
  }

  /** With an empty directory in memory in place of another. */
  public HostView fresh(String target) {
    return with("fresh", "tmpfs", target);
  }

  /** A run of a program with this view, as the first process of its namespaces. */
  public Subprocess command(List<String> argv) {
    List<String> all = new ArrayList<>(UNSHARE);
    all.addAll(mounts);
    all.add("--");
    all.addAll(argv);
    return Subprocess.of(all);
  }

  private HostView with(String... mount) {
    List<String> more = new ArrayList<>(mounts);
    more.addAll(List.of(mount));
    return new HostView(more);
  }
}
