package io.weldr.api.compose;

import io.weldr.api.blueprint.GitRepository;

/**
 * A package of {@code repos.git} with its reference resolved.
 *
 * @param id 40 hex digits
 */
public record GitCommit(GitRepository repository, String id) {}
