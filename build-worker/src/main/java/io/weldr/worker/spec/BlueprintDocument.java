package io.weldr.worker.spec;

/**
 * The blueprint of a compose, for the record: stored with the results and never interpreted.
 *
 * @param commit 40 lower case hex digits
 * @param toml as committed
 * @param frozenToml with exact versions
 */
public record BlueprintDocument(
    String name, String version, String commit, String toml, String frozenToml) {}
