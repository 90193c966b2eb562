package io.weldr.worker.installer;

import io.weldr.worker.installer.GrubConfiguration.Kernel;
import io.weldr.worker.kickstart.BootLoader;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes a tree ready to start from a disk: what it mounts, how GRUB starts it, and GRUB's modules
 * beside its configuration, so that update-grub and grub-install work in the running system.
 */
final class BootSetup {
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]*");

  /**
   * One line per kernel, the newest first: its name and, after a blank, that of its initial RAM
   * file system, as Debian or Fedora call it.
   */
  private static final String LIST_KERNELS =
      """
      cd /boot
      ls -1 | grep '^vmlinu[xz]-' | grep -v -- '-rescue' | sort -rV | while read -r kernel; do
        version=${kernel#*-}
        found=
        for name in "initrd.img-$version" "initramfs-$version.img"; do
          [ -f "$name" ] && found=$name
        done
        echo "$kernel $found"
      done
      """;

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
            title(),
            bootLoader.append().map(GrubConfiguration::words).orElse(List.of()),
            bootLoader.timeout());
    tree.write("/etc/default/grub", grub.defaults());
    tree.run("GRUB's modules cannot be copied", "/bin/sh", "-euc", COPY_MODULES, "copy", directory);
    String kernels = plan.boot().isPresent() ? "" : "/boot";
    tree.write(directory + "/grub.cfg", grub.menu(plan, kernels, kernels()));
  }

  private String title() throws IOException, InterruptedException {
    return tree.lines("/bin/sh", "-c", ". /etc/os-release && echo \"$PRETTY_NAME\"")
        .filter(lines -> lines.size() == 1 && lines.getFirst().matches("[ -~]{1,80}"))
        .map(List::getFirst)
        .orElse("Linux");
  }

  private List<Kernel> kernels() throws BuildException, IOException, InterruptedException {
    List<Kernel> kernels = new ArrayList<>();
    for (String line : tree.lines("/bin/sh", "-c", LIST_KERNELS).orElse(List.of())) {
      String[] names = line.split(" ", 2);
      if (FILE_NAME.matcher(names[0]).matches()
          && (names[1].isEmpty() || FILE_NAME.matcher(names[1]).matches())) {
        kernels.add(new Kernel(names[0], names[1]));
      } else {
        report.warning("The kernel \"" + line.strip() + "\" is left out of the boot menu");
      }
    }
    if (kernels.isEmpty()) {
      throw new BuildException(
          FailureCode.PACKAGE_MISSING,
          "there is no kernel in /boot, so the image could not start",
          "Add a kernel to the blueprint, or choose an output type whose template has one.");
    }
    return kernels;
  }
}
