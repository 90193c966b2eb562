package io.weldr.worker.image;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An ext4 file system that is written with its content, by mke2fs, into a file: nothing is mounted,
 * no device is used. Owners, modes, capabilities, SELinux labels and other extended attributes are
 * kept, and blocks of zeros stay holes.
 *
 * <p>Security: mke2fs reads the tree in a sandbox that sees nothing else. It may read every file
 * and change none; links are copied, not followed.
 *
 * @param id of the file system; the seed of its directory hashes follows from it
 * @param label at most 16 bytes; may be empty
 * @param without a directory of the tree that another file system holds, {@code boot}; it is here
 *     as an empty one
 * @param times seconds since 1970 that every time stamp has that would be the present; empty = the
 *     present
 */
record Ext4(UUID id, String label, Optional<String> without, OptionalLong times)
    implements FileSystem {
  static final long BLOCK = 4096;

  /**
   * The host's own mke2fs.conf has no influence. Features that a kernel or GRUB of 2018 lacks are
   * left out; the resize inode lets a mounted file system grow.
   */
  private static final String CONFIGURATION =
      """
      [defaults]
      base_features = sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr
      default_mntopts = acl,user_xattr
      enable_periodic_fsck = 0
      blocksize = 4096
      inode_size = 256
      inode_ratio = 16384

      [fs_types]
      ext4 = {
        features = has_journal,extent,huge_file,flex_bg,metadata_csum,64bit,dir_nlink,extra_isize
      }
      default = {
        inode_ratio = 16384
      }
      """;

  private static final Pattern COUNT = Pattern.compile("(Inode count|Free inodes): +([0-9]+)");
  private static final int BYTES_PER_INODE = 16_384;

  @Override
  public void write(Path tree, Path file, long offset, long bytes, StageReport report)
      throws IOException, InterruptedException {
    Path configuration = file.resolveSibling("mke2fs.conf");
    Files.writeString(configuration, CONFIGURATION);
    Sandbox sandbox =
        Sandbox.ofHostPrograms()
            .withCapabilities("CAP_DAC_READ_SEARCH")
            .writable(file.getParent(), "/image")
            .readOnly(tree, "/tree")
            .with("MKE2FS_CONFIG", "/image/mke2fs.conf");
    if (times.isPresent()) {
      sandbox = sandbox.with("E2FSPROGS_FAKE_TIME", Long.toString(times.getAsLong()));
    }
    if (without.isPresent()) {
      sandbox = sandbox.empty("/tree/" + without.get());
    }
    sandbox.command(arguments(tree, file, offset, bytes)).output(report::info).check();
    Files.delete(configuration);
    if (times.isPresent()) {
      setTimes(file, offset, times.getAsLong());
    }
  }

  private List<String> arguments(Path tree, Path file, long offset, long bytes) throws IOException {
    long inodes = Math.max(bytes / BYTES_PER_INODE, TreeSize.of(tree).inodes() * 5 / 4);
    List<String> argv =
        new ArrayList<>(
            List.of(
                "/usr/sbin/mkfs.ext4", "-q", "-F", "-T", "default", "-b", Long.toString(BLOCK)));
    argv.addAll(List.of("-U", id.toString(), "-m", "1", "-N", Long.toString(inodes)));
    argv.add("-E");
    argv.add("offset=%d,hash_seed=%s,lazy_itable_init=1,root_owner=0:0".formatted(offset, id));
    if (!label.isEmpty()) {
      argv.addAll(List.of("-L", label));
    }
    argv.addAll(List.of("-d", "/tree", "--", "/image/" + file.getFileName()));
    argv.add(Long.toString(bytes / BLOCK));
    return argv;
  }

  /**
   * mke2fs copies the times of files, of which ctime and atime cannot be set beforehand; so they
   * are set afterwards, in all inodes there are. mke2fs gives out inodes without a gap.
   */
  private void setTimes(Path file, long offset, long seconds)
      throws IOException, InterruptedException {
    Sandbox sandbox = Sandbox.ofHostPrograms().writable(file.getParent(), "/image");
    String device = "/image/%s?offset=%d".formatted(file.getFileName(), offset);
    StringBuilder script = new StringBuilder();
    long used = usedInodes(sandbox, device);
    for (long inode = 2; inode <= used; inode++) {
      if (inode == 2 || inode >= 7 && inode <= 8 || inode >= 11) {
        for (String field : List.of("atime", "ctime", "crtime")) {
          script.append("set_inode_field <%d> %s @%d%n".formatted(inode, field, seconds));
          script.append("set_inode_field <%d> %s_extra 0%n".formatted(inode, field));
        }
      }
    }
    without.ifPresent(
        name -> script.append("set_inode_field /%s mtime @%d%n".formatted(name, seconds)));
    sandbox
        .with("E2FSPROGS_FAKE_TIME", Long.toString(seconds))
        .command("/usr/sbin/debugfs", "-w", "-f", "-", "--", device)
        .stdin(script.toString().getBytes(StandardCharsets.US_ASCII))
        .check();
  }

  private static long usedInodes(Sandbox sandbox, String device)
      throws IOException, InterruptedException {
    long[] used = {0};
    sandbox
        .command("/usr/sbin/debugfs", "-R", "show_super_stats -h", "--", device)
        .output(
            line -> {
              Matcher matcher = COUNT.matcher(line);
              if (matcher.lookingAt()) {
                long count = Long.parseLong(matcher.group(2));
                used[0] += matcher.group(1).equals("Inode count") ? count : -count;
              }
            })
        .check();
    return used[0];
  }
}
