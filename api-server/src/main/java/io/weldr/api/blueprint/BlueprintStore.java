package io.weldr.api.blueprint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Committed blueprints and the workspace copies beside them, kept in step: what is committed
 * replaces the copy, what is deleted takes it along. Safe for use by many threads.
 */
public record BlueprintStore(BlueprintRepository repository, Workspace workspace)
    implements AutoCloseable {

  /**
   * Opens or creates both below a directory.
   *
   * @param blueprints the BLUEPRINTS directory; must exist
   * @throws IOException when they cannot be read or another process has the repository open
   */
  public static BlueprintStore open(Path blueprints) throws IOException {
    BlueprintRepository repository = BlueprintRepository.open(blueprints);
    try {
      return new BlueprintStore(repository, Workspace.open(blueprints));
    } catch (IOException | RuntimeException e) {
      repository.close();
      throw e;
    }
  }

  /**
   * A blueprint as its editor sees it.
   *
   * @param changed whether it is a workspace copy that differs from what is committed
   */
  public record Current(Blueprint blueprint, boolean changed) {}

  /**
   * The workspace copy of a blueprint; when there is none, the newest commit.
   *
   * @throws DamagedBlueprintException when there is no copy and what is stored is not valid
   */
  public Optional<Current> current(BranchName branch, BlueprintName name) {
    Optional<Blueprint> copy = workspace.find(branch, name);
    if (copy.isPresent()) {
      boolean changed = !copy.equals(newest(branch, name).map(CommittedBlueprint::blueprint));
      return Optional.of(new Current(copy.get(), changed));
    }
    return repository.newest(branch, name).map(newest -> new Current(newest.blueprint(), false));
  }

  /** What a copy stands beside: one that cannot be read counts as none. */
  private Optional<CommittedBlueprint> newest(BranchName branch, BlueprintName name) {
    try {
      return repository.newest(branch, name);
    } catch (DamagedBlueprintException e) {
      return Optional.empty();
    }
  }

  /** As {@link BlueprintRepository#save}; replaces the workspace copy. */
  public CommittedBlueprint save(BranchName branch, Blueprint blueprint) {
    CommittedBlueprint saved = repository.save(branch, blueprint);
    replaceCopy(branch, saved);
    return saved;
  }

  /** As {@link BlueprintRepository#undo}; replaces the workspace copy. */
  public CommittedBlueprint undo(BranchName branch, BlueprintName name, String commitId) {
    CommittedBlueprint reverted = repository.undo(branch, name, commitId);
    replaceCopy(branch, reverted);
    return reverted;
  }

  private void replaceCopy(BranchName branch, CommittedBlueprint made) {
    BlueprintName name = BlueprintName.of(made.blueprint().name());
    workspace.committed(branch, name, () -> newest(branch, name));
  }

  /**
   * Removes a blueprint from the branch and the workspace.
   *
   * @throws UnknownBlueprintException when it is in neither
   */
  public void delete(BranchName branch, BlueprintName name) {
    try {
      repository.delete(branch, name);
    } catch (UnknownBlueprintException e) {
      if (!workspace.delete(branch, name)) {
        throw e;
      }
      return;
    }
    workspace.delete(branch, name);
  }

  @Override
  public void close() {
    repository.close();
  }
}
