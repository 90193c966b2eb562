package io.weldr.api.blueprint;

import java.util.Optional;

/**
 * One difference between two blueprints. Each side is a table with exactly one key that names what
 * it is about, as {@code Package} or {@code Customizations.timezone}.
 *
 * @param before empty for something added
 * @param after empty for something removed
 */
public record Difference(Optional<Node.Table> before, Optional<Node.Table> after) {}
