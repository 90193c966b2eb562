package io.weldr.worker.image;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A tree as one archive: owners by number, modes, ACLs, extended attributes, SELinux labels and
 * file capabilities are kept; names are relative and sorted.
 *
 * <p>Security: tar reads the tree in a sandbox that sees nothing else, so a link in the tree leads
 * nowhere; links are archived, not followed. It may read every file and change none.
 */
public final class TarImage {
  /**
   * Level of xz where the administrator sets none: the highest that is safely done before the
   * installation was. Measured on two cores with nginx, ssh and their base (143 packages, a tree of
   * 183 MB that takes 14.5 s to install when the machine is idle):
   *
   * <pre>
   * level   0    1    2    3
   * s       6   7-11 15   24
   * MB     66   61   57   55
   * </pre>
   */
  public static final int DEFAULT_LEVEL = 1;

  /** How often tar says how far it is, in its records. */
  private static final int RECORDS = 256;

  private static final long RECORD_BYTES = 10_240;
  private static final String MARK = "written ";
  private static final String CHECKPOINT = "/usr/bin/tar: " + MARK;

  private final Compression compression;
  private final int xzLevel;

  /**
   * @param xzLevel 0 to 9, for xz
   */
  public TarImage(Compression compression, int xzLevel) {
    if (xzLevel < 0 || xzLevel > 9) {
      throw new IllegalArgumentException("no level of xz: " + xzLevel);
    }
    this.compression = compression;
    this.xzLevel = xzLevel;
  }

  /**
   * Writes the archive.
   *
   * @param tree directory to archive
   * @param file does not exist yet, in a directory where nothing else is
   */
  public void write(Path tree, Path file, StageReport report)
      throws IOException, InterruptedException {
    long total = TreeSize.of(tree).tarBytes();
    List<String> argv =
        new ArrayList<>(
            List.of(
                "/usr/bin/tar",
                "--create",
                "--file=/image/" + file.getFileName(),
                "--directory=/tree",
                "--format=posix",
                "--pax-option=delete=atime,delete=ctime",
                "--sort=name",
                "--numeric-owner",
                "--xattrs",
                "--xattrs-include=*",
                "--acls",
                "--selinux",
                "--checkpoint=" + RECORDS,
                "--checkpoint-action=echo=" + MARK + "%u"));
    argv.addAll(compression.tarOptions(xzLevel));
    argv.addAll(List.of("--", "."));
    Sandbox.ofHostPrograms()
        .withCapabilities("CAP_DAC_READ_SEARCH")
        .readOnly(tree, "/tree")
        .writable(file.getParent(), "/image")
        .command(argv)
        .output(line -> told(line, total, report))
        .check();
  }

  private static void told(String line, long total, StageReport report) {
    if (line.startsWith(CHECKPOINT)) {
      long records = Long.parseLong(line.substring(CHECKPOINT.length()).strip());
      report.progress(records * RECORD_BYTES, total);
    } else {
      report.info(line);
    }
  }
}
