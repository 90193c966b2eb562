package io.weldr.worker.installer.anaconda;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.host.SubprocessException;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Labels a tree as its own SELinux policy says.
 *
 * <p>Security: the host's setfiles does it in a sandbox whose only writable directory is the tree,
 * so a link in the tree leads nowhere; the policy's list of contexts is data to it.
 */
final class SelinuxLabels {
  private static final String CONTEXTS = "etc/selinux/targeted/contexts/files/file_contexts";

  private SelinuxLabels() {}

  /** Labels it when it has a policy; that it cannot be done is a warning only. */
  static void set(Path tree, StageReport report) throws IOException, InterruptedException {
    if (!Files.isRegularFile(tree.resolve(CONTEXTS), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    report.info("Setting the SELinux labels of the tree");
    try {
      Sandbox.ofHostPrograms()
          .withCapabilities(
              "CAP_DAC_OVERRIDE",
              "CAP_DAC_READ_SEARCH",
              "CAP_FOWNER",
              "CAP_MAC_ADMIN",
              "CAP_SYS_ADMIN")
          .writable(tree, "/tree")
          .command(
              "/usr/sbin/setfiles",
              "-F",
              "-r",
              "/tree",
              "-e",
              "/tree/proc",
              "-e",
              "/tree/sys",
              "/tree/" + CONTEXTS,
              "/tree")
          .output(report::info)
          .check();
    } catch (SubprocessException e) {
      report.warning("The SELinux labels of the tree are not set: setfiles " + e.reason());
    }
  }
}
