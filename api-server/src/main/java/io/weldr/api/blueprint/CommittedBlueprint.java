package io.weldr.api.blueprint;

/**
 * A blueprint as it is in the repository.
 *
 * @param commitId the newest commit that changed it, 40 hexadecimal digits
 */
public record CommittedBlueprint(Blueprint blueprint, String commitId) {}
