package io.weldr.api.depsolve;

import java.time.Instant;

/**
 * One version of a package that the sources offer.
 *
 * @param time when it was built; of Debian packages, when the release that has it was made
 * @param license empty when the metadata does not say
 */
public record Build(PackageVersion version, Instant time, String license) {}
