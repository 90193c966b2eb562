package io.weldr.worker.installer;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.util.List;

/**
 * What the kernel needs to find the root file system, made once, when all that goes into it is in
 * place. Debian's packages do not make theirs while they are installed; Fedora's do.
 */
final class InitialRamFileSystems {
  private static final String UPDATE = "/usr/sbin/update-initramfs";

  private final Tree tree;
  private final StageReport report;

  InitialRamFileSystems(Tree tree, StageReport report) {
    this.tree = tree;
    this.report = report;
  }

  /** Makes those of all kernels of a Debian tree. */
  void make() throws BuildException, IOException, InterruptedException {
    if (!tree.has(UPDATE) || !tree.succeeds("/bin/sh", "-c", "ls /boot | grep -q '^vmlinu[xz]-'")) {
      return;
    }
    report.info("Making the initial RAM file systems");
    int status =
        tree.command(List.of(UPDATE, "-c", "-k", "all"))
            .environment("INITRD", "Yes")
            .output(report::info)
            .run()
            .exitStatus();
    if (status != 0) {
      throw new BuildException(
          FailureCode.PACKAGE_SCRIPT_FAILED,
          "update-initramfs ended with exit status " + status,
          "logs/combined.log of the compose has its output.");
    }
  }
}
