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

  /** It, as the family names packages: characters that are not allowed are replaced. */
  public PackageSpec asPackage(PackageFamily family) {
    return switch (family) {
      case APT ->
          new PackageSpec(debianName(), 0, debianVersion(), debian(release), "all", "", "", "", 0);
      case RPM ->
          new PackageSpec(
              name.replaceAll("[^A-Za-z0-9._-]", "_"),
              0,
              rpm(version),
              rpm(release),
              "noarch",
              "",
              "",
              "",
              0);
    };
  }

  private static String rpm(String text) {
    return text.replaceAll("[^A-Za-z0-9._]", "_");
  }

  private static String debian(String text) {
    return text.replaceAll("[^A-Za-z0-9.+~]", ".");
  }

  private String debianName() {
    String allowed = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9+.-]", "-");
    return allowed.length() < 2 ? allowed + "-git" : allowed;
  }

  private String debianVersion() {
    String allowed = debian(version);
    return Character.isDigit(allowed.charAt(0)) ? allowed : "0+" + allowed;
  }
}
