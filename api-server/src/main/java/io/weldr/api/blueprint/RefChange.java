package io.weldr.api.blueprint;

import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * A branch or tag that moves.
 *
 * @param ref full name, as {@code refs/heads/master}
 * @param from where it points before; empty when it is new
 * @param to where it points after
 */
record RefChange(String ref, Optional<ObjectId> from, ObjectId to) {}
