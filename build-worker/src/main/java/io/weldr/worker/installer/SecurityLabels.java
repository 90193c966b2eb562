package io.weldr.worker.installer;

import io.weldr.worker.host.Sandbox;
import io.weldr.worker.kickstart.SeLinux;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * SELinux of the tree: the mode it boots in, and the label of every file as its policy says. Comes
 * last, for whatever is written later has no label.
 *
 * <p>Security: labels are attributes that only a privileged process may set, so the host's setfiles
 * sets them, not the tree's. It runs in a sandbox without network that holds its own programs and
 * the tree, without devices, and runs nothing of the tree.
 */
final class SecurityLabels {
  private static final String CONFIGURATION = "/etc/selinux/config";
  private static final Path SETFILES = Path.of("/usr/sbin/setfiles");
  private static final Pattern POLICY = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");

  /** $1 = mode. */
  private static final String SET_MODE = "sed -i -e \"s/^SELINUX=.*/SELINUX=$1/\" " + CONFIGURATION;

  private static final String POLICY_NAME =
      "sed -n -e 's/^SELINUXTYPE=\\([A-Za-z0-9_-]*\\) *$/\\1/p' " + CONFIGURATION;

  private final Path path;
  private final Tree tree;
  private final StageReport report;

  /**
   * @param path of the tree on the host
   */
  SecurityLabels(Path path, Tree tree, StageReport report) {
    this.path = path;
    this.tree = tree;
    this.report = report;
  }

  void set(SeLinux selinux) throws BuildException, IOException, InterruptedException {
    if (!tree.has(CONFIGURATION)) {
      report.info("SELinux has no configuration in the image and is left as it is");
      return;
    }
    String mode = selinux.mode().word();
    tree.run("the mode of SELinux cannot be set", "/bin/sh", "-euc", SET_MODE, "mode", mode);
    if (selinux.mode() == SeLinux.Mode.DISABLED) {
      return;
    }
    List<String> names = tree.lines("/bin/sh", "-euc", POLICY_NAME).orElse(List.of());
    if (names.size() != 1 || !POLICY.matcher(names.getFirst()).matches()) {
      report.warning("Files have no SELinux labels: " + CONFIGURATION + " names no policy");
      return;
    }
    String contexts = "/etc/selinux/" + names.getFirst() + "/contexts/files/file_contexts";
    if (!tree.has(contexts)) {
      report.info("The SELinux policy is not in the image, so its files have no labels");
    } else if (Files.isExecutable(SETFILES)) {
      label(contexts);
    } else {
      tree.write("/.autorelabel", "-F\n");
      report.warning(
          "The host lacks " + SETFILES + ": the image sets its SELinux labels when it first boots");
    }
  }

  private void label(String contexts) throws IOException, InterruptedException {
    report.info("Setting the SELinux labels of all files");
    Sandbox.ofHostPrograms()
        .withCapabilities("CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SYS_ADMIN", "CAP_MAC_ADMIN")
        .writable(path, "/tree")
        .command(SETFILES.toString(), "-F", "-r", "/tree", "/tree" + contexts, "/tree")
        .output(report::info)
        .check();
  }
}
