package io.weldr.api.depsolve;

/**
 * A package somebody wants.
 *
 * @param name name or name glob
 * @param version version glob; empty or {@code *} for any; also the forms of {@link
 *     PackageVersion#frozen}
 */
public record PackageRequest(String name, String version) {

  public static PackageRequest any(String name) {
    return new PackageRequest(name, "*");
  }
}
