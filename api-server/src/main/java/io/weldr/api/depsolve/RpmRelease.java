package io.weldr.api.depsolve;

/**
 * Which release of an RPM distribution packages are for.
 *
 * @param releasever what stands for {@code $releasever} in addresses
 * @param platform what module streams must be made for, {@code platform:el9}
 */
public record RpmRelease(String releasever, String platform) {

  /** The same distribution in another release of its sources. */
  public RpmRelease withReleasever(String other) {
    return new RpmRelease(other, platform);
  }
}
