package io.weldr.api.depsolve;

/**
 * One exact version of a package.
 *
 * @param release may be empty: Debian packages without a revision
 */
public record PackageVersion(
    String name, long epoch, String version, String release, String architecture) {

  /** {@code [EPOCH:]VERSION[-RELEASE].ARCHITECTURE}, as frozen blueprints carry it. */
  public String frozen() {
    return (epoch == 0 ? "" : epoch + ":")
        + version
        + (release.isEmpty() ? "" : "-" + release)
        + "."
        + architecture;
  }
}
