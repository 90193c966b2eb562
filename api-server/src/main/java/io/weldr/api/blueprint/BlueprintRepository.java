package io.weldr.api.blueprint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Blueprints and their history in the bare git repository {@code BLUEPRINTS/git}. Safe for use by
 * many threads; one process at a time may have it open.
 */
public final class BlueprintRepository implements AutoCloseable {
  private BlueprintRepository() {}

  /**
   * Opens or creates the repository below a directory.
   *
   * @param blueprints the BLUEPRINTS directory; must exist
   * @throws IOException when it cannot be read or another process has it open
   */
  public static BlueprintRepository open(Path blueprints) throws IOException {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Names of the blueprints in the head of a branch, in byte-wise order of their file names.
   *
   * @throws UnknownBranchException when there is no such branch
   */
  public List<String> list(BranchName branch) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * A blueprint as the head of a branch has it; empty when the branch or the blueprint is unknown.
   *
   * @throws DamagedBlueprintException when what is stored is not a valid blueprint
   */
  public Optional<CommittedBlueprint> newest(BranchName branch, BlueprintName name) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Commits a blueprint under the next version; the branch is made from master when it is new.
   * After the return the commit survives a power cut.
   *
   * @return the blueprint with the version it got
   * @throws InvalidNameException when the name in the blueprint is not allowed
   */
  public CommittedBlueprint save(BranchName branch, Blueprint blueprint) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Commits the removal of a blueprint; its history stays.
   *
   * @throws UnknownBlueprintException when the head of the branch does not have it
   */
  public void delete(BranchName branch, BlueprintName name) {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * Commits every {@code *.toml} file directly in a directory whose blueprint (by the name inside)
   * is not on master. Files that cannot be imported are logged and skipped.
   *
   * @return a sentence per skipped file
   */
  public List<String> importDirectory(Path directory) {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("being written");
  }
}
