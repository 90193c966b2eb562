package io.weldr.api.blueprint;

/**
 * A package to be made from a git repository ({@code repos.git}).
 *
 * @param rpmname name of the package
 * @param rpmversion its version
 * @param rpmrelease its release
 * @param summary its summary
 * @param repo URL to clone
 * @param ref branch, tag or commit
 * @param destination absolute directory in the image for the tree
 */
public record GitRepository(
    String rpmname,
    String rpmversion,
    String rpmrelease,
    String summary,
    String repo,
    String ref,
    String destination) {}
