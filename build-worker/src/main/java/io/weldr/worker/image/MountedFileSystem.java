package io.weldr.worker.image;

import io.weldr.worker.host.Subprocess;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A file system whose tools cannot fill it: it is mounted through a loop device, in a mount
 * namespace of its own, and the tree is copied. What ends the job ends the mount; a loop device
 * that is left is detached with the job's other remains.
 *
 * <p>Security: the kernel mounts what mkfs has just made, never what a package wrote. cp copies
 * links as links and runs nothing of the tree. Values are arguments of a constant script.
 *
 * @param label may be empty
 * @param without a directory of the tree that another file system holds; it is here as an empty one
 */
record MountedFileSystem(FileSystemType type, UUID id, String label, Optional<String> without)
    implements FileSystem {
  /** With the arguments file, offset, bytes, mount point, tree, and the command that is mkfs. */
  private static final String SCRIPT =
      """
      file=$1 offset=$2 bytes=$3 mountpoint=$4 tree=$5 hidden=$6
      shift 6
      device=$(losetup --find --show --offset "$offset" --sizelimit "$bytes" -- "$file")
      clean() {
        ! mountpoint -q -- "$mountpoint" || umount -- "$mountpoint"
        losetup -d "$device"
      }
      trap clean EXIT
      "$@" "$device"
      mount -o nodev,nosuid,noexec -- "$device" "$mountpoint"
      [ -z "$hidden" ] || mount -t tmpfs -o mode=0755 none "$tree/$hidden"
      cp -a --one-file-system -- "$tree/." "$mountpoint/"
      """;

  @Override
  public void write(Path tree, Path file, long offset, long bytes, StageReport report)
      throws IOException, InterruptedException {
    Path mountPoint = Files.createDirectory(file.resolveSibling("mounted"));
    List<String> argv =
        new ArrayList<>(
            List.of("/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc"));
    argv.addAll(List.of(SCRIPT, "write", file.toString(), Long.toString(offset)));
    argv.addAll(List.of(Long.toString(bytes), mountPoint.toString(), tree.toString()));
    argv.add(without.orElse(""));
    argv.addAll(mkfs());
    Subprocess.of(argv).output(report::info).check();
    Files.delete(mountPoint);
  }

  private List<String> mkfs() {
    return switch (type) {
      case XFS -> List.of("/usr/sbin/mkfs.xfs", "-q", "-f", "-m", "uuid=" + id, "-L", label);
      case BTRFS -> List.of("/usr/sbin/mkfs.btrfs", "-q", "-f", "-U", id.toString(), "-L", label);
      case EXT4 -> throw new IllegalStateException("mke2fs fills its file systems itself");
    };
  }
}
