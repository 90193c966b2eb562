package io.weldr.api.depsolve;

/**
 * A package that a solution installs, and where it comes from.
 *
 * @param sourceId id of one of the sources the request named
 * @param sha256 of the package archive, 64 lower case hex digits, from signed metadata
 * @param location of the package archive, below the address of its source; empty when unknown
 * @param size bytes of the package archive
 * @param installedSize bytes it takes when installed, as its metadata says
 */
public record SolvedPackage(
    PackageVersion version,
    String sourceId,
    String sha256,
    String location,
    long size,
    long installedSize) {}
