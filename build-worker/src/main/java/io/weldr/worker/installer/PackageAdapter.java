package io.weldr.worker.installer;

import java.util.List;

/**
 * A program of {@code share/depsolve}, and who runs it.
 *
 * @param program file name
 * @param options for every command
 * @param user unprivileged account of the host
 * @param group its group, by name or number
 * @param suffix of package archives
 * @param module Python module it cannot work without
 * @param hostPackage Debian package that brings the module
 */
record PackageAdapter(
    String program,
    List<String> options,
    String user,
    String group,
    String suffix,
    String module,
    String hostPackage) {
  PackageAdapter {
    options = List.copyOf(options);
  }

  /** For Debian packages. */
  static final PackageAdapter APT =
      new PackageAdapter("apt.py", List.of(), "_apt", "nogroup", ".deb", "apt_pkg", "python3-apt");

  /**
   * For RPM packages.
   *
   * @param releasever what {@code $releasever} stands for; may be empty
   */
  static PackageAdapter dnf(String releasever) {
    List<String> options = releasever.isEmpty() ? List.of() : List.of("--releasever=" + releasever);
    // The group of nobody has another name on every distribution.
    return new PackageAdapter("dnf.py", options, "nobody", "65534", ".rpm", "dnf", "python3-dnf");
  }
}
