package io.weldr.worker.installer;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A kernel of a tree and its initial RAM file system.
 *
 * @param kernel base name in {@code /boot}
 * @param ramFileSystem likewise; empty = none
 */
record Kernel(String kernel, String ramFileSystem) {
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]*");

  /**
   * One line per kernel, the newest first: its name and, after a blank, that of its initial RAM
   * file system, as Debian or Fedora call it.
   */
  private static final String LIST =
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

  /**
   * Those of a tree, the newest first.
   *
   * @throws BuildException when there is none
   */
  static List<Kernel> of(Tree tree, StageReport report)
      throws BuildException, IOException, InterruptedException {
    List<Kernel> kernels = new ArrayList<>();
    for (String line : tree.lines("/bin/sh", "-c", LIST).orElse(List.of())) {
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

  /** The part of the name that tells kernels apart. */
  String version() {
    return kernel.substring(kernel.indexOf('-') + 1);
  }
}
