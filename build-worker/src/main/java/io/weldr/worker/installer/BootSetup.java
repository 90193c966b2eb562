package io.weldr.worker.installer;

import io.weldr.worker.kickstart.BootLoader;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.util.List;

/**
 * Makes a tree ready to start from a disk: what it mounts, how GRUB starts it, and GRUB's modules
 * beside its configuration, so that update-grub and grub-install work in the running system.
 */
final class BootSetup {
  private static final String COPY_MODULES =
      """
      for format in i386-pc x86_64-efi arm64-efi; do
        [ -d "/usr/lib/grub/$format" ] || continue
        mkdir -p "$1/$format"
        cd "/usr/lib/grub/$format"
        cp -- *.mod *.lst "$1/$format/"
      done
      """;

  private final Tree tree;
  private final BootPlan plan;
  private final BootLoader bootLoader;
  private final StageReport report;

  BootSetup(Tree tree, BootPlan plan, BootLoader bootLoader, StageReport report) {
    this.tree = tree;
    this.plan = plan;
    this.bootLoader = bootLoader;
    this.report = report;
  }

  /** Before the initial RAM file systems are made, which look at what is mounted. */
  void writeMounts() throws BuildException, IOException, InterruptedException {
    tree.write("/etc/fstab", plan.fstab());
    if (plan.efiSerial().isPresent()) {
      tree.run("/boot/efi cannot be made", "/bin/mkdir", "-p", "-m", "0700", "/boot/efi");
    }
  }

  /** After they are made. */
  void configureGrub() throws BuildException, IOException, InterruptedException {
    if (!bootLoader.isInstalled()) {
      return;
    }
    String directory = tree.has("/usr/bin/grub2-mkimage") ? "/boot/grub2" : "/boot/grub";
    GrubConfiguration grub =
        new GrubConfiguration(
            tree.title(),
            bootLoader.append().map(GrubConfiguration::words).orElse(List.of()),
            bootLoader.timeout());
    tree.write("/etc/default/grub", grub.defaults());
    tree.run("GRUB's modules cannot be copied", "/bin/sh", "-euc", COPY_MODULES, "copy", directory);
    String kernels = plan.boot().isPresent() ? "" : "/boot";
    tree.write(directory + "/grub.cfg", grub.menu(plan, kernels, Kernel.of(tree, report)));
  }
}
