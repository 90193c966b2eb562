package io.weldr.api.blueprint;

/**
 * A package, or a module, which means the same.
 *
 * @param name a name or a glob
 * @param version a version, a glob, {@code *} for any, or an exact version with release as freeze
 *     writes it
 */
public record PackageEntry(String name, String version) {
  /** Any version will do. */
  public static final String ANY_VERSION = "*";
}
