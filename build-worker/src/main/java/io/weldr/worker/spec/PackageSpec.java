package io.weldr.worker.spec;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * One package to install, exactly.
 *
 * @param epoch 0 when the version has none
 * @param release empty for Debian packages without a revision
 * @param sourceId id of one of the job's sources
 * @param sha256 of the package archive, 64 lower case hex digits
 * @param location of the package archive below the address of its source; empty when unknown
 * @param size of the package archive in bytes
 */
@JsonIgnoreProperties({"fullVersion"})
public record PackageSpec(
    String name,
    long epoch,
    String version,
    String release,
    String architecture,
    String sourceId,
    String sha256,
    String location,
    long size) {

  /** A package of which only its source's index knows where it is. */
  public PackageSpec(
      String name,
      long epoch,
      String version,
      String release,
      String architecture,
      String sourceId,
      String sha256,
      long size) {
    this(name, epoch, version, release, architecture, sourceId, sha256, "", size);
  }

  /** {@code [epoch:]version[-release]}, as Debian and RPM write it. */
  public String fullVersion() {
    String prefix = epoch == 0 ? "" : epoch + ":";
    return prefix + version + (release.isEmpty() ? "" : "-" + release);
  }
}
