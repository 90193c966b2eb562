package io.weldr.worker.spec;

import java.util.Locale;

/**
 * A package made of the files of a commit in a git repository.
 *
 * @param summary one line, any text
 * @param url https, ssh, git or file
 * @param ref what the blueprint calls the commit
 * @param commit 40 hex digits
 * @param destination absolute directory in the image, without a slash at its end unless it is the
 *     root
 */
public record GitPackage(
    String name,
    String version,
    String release,
    String summary,
    String url,
    String ref,
    String commit,
    String destination) {

  /** As a line of {@code %packages}, like {@link PackageSpec}s. */
  public String entry(PackageFamily family) {
    return switch (family) {
      case APT -> packageName(family) + ":all=" + packageVersion(family);
      case RPM -> packageName(family) + "-" + packageVersion(family) + ".noarch";
    };
  }

  /** Base name of the archive. */
  public String fileName(PackageFamily family) {
    return switch (family) {
      case APT -> packageName(family) + "_" + packageVersion(family) + "_all.deb";
      case RPM -> packageName(family) + "-" + packageVersion(family) + ".noarch.rpm";
    };
  }

  /** The name with the characters that the family allows. */
  public String packageName(PackageFamily family) {
    return switch (family) {
      case RPM -> name.replaceAll("[^A-Za-z0-9._-]", "_");
      case APT -> {
        String allowed = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9+.-]", "-");
        yield allowed.length() < 2 ? allowed + "-git" : allowed;
      }
    };
  }

  /** Version and release, {@code 1.0-1}, with the characters that the family allows. */
  public String packageVersion(PackageFamily family) {
    return switch (family) {
      case APT -> {
        String upstream = version.replaceAll("[^A-Za-z0-9.+~]", ".");
        String digitFirst = Character.isDigit(upstream.charAt(0)) ? upstream : "0+" + upstream;
        yield digitFirst + "-" + release.replaceAll("[^A-Za-z0-9.+~]", ".");
      }
      case RPM -> rpmVersion() + "-" + rpmRelease();
    };
  }

  /** The version alone, as in a spec file. */
  public String rpmVersion() {
    return version.replaceAll("[^A-Za-z0-9._]", "_");
  }

  /** The release alone, as in a spec file. */
  public String rpmRelease() {
    return release.replaceAll("[^A-Za-z0-9._]", "_");
  }
}
