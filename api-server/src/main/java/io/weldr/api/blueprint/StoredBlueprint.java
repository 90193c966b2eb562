package io.weldr.api.blueprint;

import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * One file of a branch.
 *
 * @param content in the head of the branch; empty after a deletion
 * @param blueprint the parsed content, once somebody has asked for it
 * @param history empty only for a file that came with a commit without parent
 */
record StoredBlueprint(
    Optional<ObjectId> content, Optional<Blueprint> blueprint, Optional<FileHistory> history) {

  StoredBlueprint parsedAs(Blueprint parsed) {
    return new StoredBlueprint(content, Optional.of(parsed), history);
  }

  /** The newest commit that changed the file, or else the one given. */
  ObjectId newestCommit(ObjectId head) {
    return history.map(h -> h.newest().commit()).orElse(head);
  }
}
