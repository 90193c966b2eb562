package io.weldr.api.blueprint;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * A commit that changed a blueprint.
 *
 * @param commitId 40 hexadecimal digits
 * @param message of the commit
 * @param timestamp of the committer, whole seconds
 * @param revision the number of its tag, when it has exactly one
 */
public record Change(String commitId, String message, Instant timestamp, OptionalInt revision) {}
