package io.weldr.worker.build;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.PackageFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The programs of the host that a compose runs. */
public final class HostTools {
  private static final List<Path> DIRECTORIES = List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"));

  /** Programs every compose needs; an output type names its own. */
  private static final List<String> ALWAYS = List.of("bwrap", "setpriv", "python3", "tar", "bash");

  /** Program to Debian's package, where that has another name; Fedora's are mostly the same. */
  private static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("bwrap", "bubblewrap"),
          Map.entry("setpriv", "util-linux"),
          Map.entry("dpkg-deb", "dpkg"),
          Map.entry("rpmkeys", "rpm"),
          Map.entry("xz", "xz-utils (xz)"),
          Map.entry("sfdisk", "fdisk (util-linux)"),
          Map.entry("mkfs.ext4", "e2fsprogs"),
          Map.entry("mkfs.xfs", "xfsprogs"),
          Map.entry("mkfs.btrfs", "btrfs-progs"),
          Map.entry("mkfs.vfat", "dosfstools and mtools"),
          Map.entry("mcopy", "mtools"),
          Map.entry("qemu-img", "qemu-utils (qemu-img)"),
          Map.entry("mksquashfs", "squashfs-tools"));

  private HostTools() {}

  /**
   * Looks for programs by their base names.
   *
   * @param family whose package manager installs
   * @param more besides those every compose needs
   * @throws BuildException TOOL_MISSING with all that are missing and what brings them
   */
  public static void check(PackageFamily family, List<String> more) throws BuildException {
    List<String> missing =
        Stream.of(ALWAYS, family.tools(), more)
            .flatMap(List::stream)
            .distinct()
            .filter(HostTools::isMissing)
            .toList();
    if (!missing.isEmpty()) {
      throw new BuildException(
          FailureCode.TOOL_MISSING,
          "the host lacks " + String.join(", ", missing),
          missing.stream()
              .map(tool -> PACKAGES.getOrDefault(tool, tool))
              .distinct()
              .collect(Collectors.joining(", ", "Install ", ".")));
    }
  }

  private static boolean isMissing(String tool) {
    return DIRECTORIES.stream().noneMatch(each -> Files.isExecutable(each.resolve(tool)));
  }
}
