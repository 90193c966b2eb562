package io.weldr.api.blueprint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Blueprints and their history in the bare git repository {@code BLUEPRINTS/git}. Safe for use by
 * many threads; one process at a time may have it open.
 *
 * <p>All methods throw {@link UncheckedIOException} when the repository cannot be read or written.
 */
public final class BlueprintRepository implements AutoCloseable {
  /** What {@link #at} takes for the newest commit of the branch. */
  public static final String NEWEST = "NEWEST";

  private final GitStore git;
  private final Branches branches;
  private final Revisions revisions;
  private final GarbageCollection garbage;
  private final CommitQueue queue;

  private BlueprintRepository(GitStore git, Branches branches) {
    this.git = git;
    this.branches = branches;
    this.revisions = new Revisions(git);
    this.garbage = new GarbageCollection(git, this::keepIndexes);
    this.queue = new CommitQueue(git, branches, garbage::written);
  }

  /**
   * Opens or creates the repository below a directory.
   *
   * @param blueprints the BLUEPRINTS directory; must exist
   * @throws IOException when it cannot be read or another process has it open
   */
  public static BlueprintRepository open(Path blueprints) throws IOException {
    GitStore git = GitStore.open(blueprints.resolve("git"));
    try {
      Branches branches = new Branches(git);
      branches.current(BranchName.MASTER);
      BlueprintRepository repository = new BlueprintRepository(git, branches);
      repository.garbage.afterOpening();
      return repository;
    } catch (IOException | RuntimeException e) {
      git.close();
      throw e;
    }
  }

  /**
   * Names of the blueprints in the head of a branch, in byte-wise order of their file names.
   *
   * @throws UnknownBranchException when there is no such branch
   */
  public List<String> list(BranchName branch) {
    return index(branch).orElseThrow(() -> new UnknownBranchException(branch)).names();
  }

  /**
   * A blueprint as the head of a branch has it; empty when the branch or the blueprint is unknown.
   *
   * @throws DamagedBlueprintException when what is stored is not a valid blueprint
   */
  public Optional<CommittedBlueprint> newest(BranchName branch, BlueprintName name) {
    Optional<BranchIndex> index = index(branch);
    Optional<StoredBlueprint> stored = index.flatMap(i -> i.find(name));
    if (stored.flatMap(StoredBlueprint::content).isEmpty()) {
      return Optional.empty();
    }
    ObjectId commit = stored.get().newestCommit(index.get().head().commit());
    Blueprint blueprint =
        stored
            .get()
            .blueprint()
            .orElseGet(
                () -> {
                  Blueprint parsed = parse(name, commit, stored.get().content().get());
                  index.get().keep(name, stored.get(), parsed);
                  return parsed;
                });
    return Optional.of(new CommittedBlueprint(blueprint, commit.name()));
  }

  /**
   * Commits a blueprint under the next version; the branch is made from master when it is new.
   * After the return the commit survives a power cut.
   *
   * @return the blueprint with the version it got
   * @throws InvalidNameException when the name in the blueprint is not allowed
   */
  public CommittedBlueprint save(BranchName branch, Blueprint blueprint) {
    BlueprintName name = BlueprintName.of(blueprint.name());
    return queue.commit(
        branch,
        draft -> {
          String version = SemanticVersion.bump(versionIn(draft, name), blueprint.version());
          Blueprint versioned = blueprint.withVersion(version);
          byte[] content = content(versioned);
          String message = "Recipe " + name + ", version " + version + " saved.";
          return draft.put(name, content, versioned, message);
        });
  }

  /** The file of a blueprint. */
  static byte[] content(Blueprint blueprint) {
    byte[] content = BlueprintToml.print(blueprint).getBytes(StandardCharsets.UTF_8);
    if (content.length > Document.MAX_SIZE) {
      throw Document.invalid(
          "", "The blueprint takes more than " + Document.MAX_SIZE + " bytes as TOML");
    }
    return content;
  }

  /** The version of the file in the head; none when it is not there or cannot be read. */
  private Optional<String> versionIn(BranchDraft draft, BlueprintName name) {
    Optional<StoredBlueprint> stored = draft.find(name).filter(s -> s.content().isPresent());
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    try {
      return stored
          .get()
          .blueprint()
          .orElseGet(() -> parse(name, draft.head().commit(), stored.get().content().get()))
          .version();
    } catch (DamagedBlueprintException e) {
      return Optional.empty();
    }
  }

  /**
   * Commits the removal of a blueprint; its history stays.
   *
   * @throws UnknownBlueprintException when the head of the branch does not have it
   */
  public void delete(BranchName branch, BlueprintName name) {
    if (!contains(branch, name)) {
      // Asked before the queue, which would make a branch that does not exist.
      throw new UnknownBlueprintException(name);
    }
    queue.commit(
        branch,
        draft -> {
          StoredBlueprint stored =
              draft
                  .find(name)
                  .filter(s -> s.content().isPresent())
                  .orElseThrow(() -> new UnknownBlueprintException(name));
          draft.remove(name, "Recipe " + name.fileName() + " deleted");
          return stored;
        });
  }

  /**
   * A part of the history of a blueprint, newest first; also of one that was deleted. Deletions are
   * not part of it.
   *
   * @return empty when no commit of the branch ever had the blueprint
   */
  public Optional<ChangePage> changes(
      BranchName branch, BlueprintName name, long offset, long limit) {
    return index(branch)
        .flatMap(index -> index.find(name))
        .flatMap(StoredBlueprint::history)
        .map(
            history ->
                new ChangePage(history.size(), changes(branch, name, history.page(offset, limit))));
  }

  private List<Change> changes(
      BranchName branch, BlueprintName name, List<FileHistory.Entry> entries) {
    try {
      Revisions.Tags tags = revisions.of(branch, name);
      return entries.stream()
          .map(
              entry ->
                  new Change(
                      entry.commit().name(),
                      entry.message(),
                      entry.time(),
                      tags.of(entry.commit())))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tags of blueprint " + name, e);
    }
  }

  /**
   * Gives the newest commit of a blueprint the next revision number, if it has none.
   *
   * @throws UnknownBlueprintException when the head of the branch does not have it
   */
  public void tag(BranchName branch, BlueprintName name) {
    queue.exclusively(
        () -> {
          FileHistory history =
              branches
                  .current(branch)
                  .flatMap(index -> index.find(name))
                  .filter(stored -> stored.content().isPresent())
                  .flatMap(StoredBlueprint::history)
                  .orElseThrow(() -> new UnknownBlueprintException(name));
          revisions.tagNewest(branch, name, history);
          return name;
        });
  }

  /**
   * Commits a blueprint as it was in any commit of the repository, with the version it had then.
   *
   * @param commitId 40 hexadecimal digits
   * @throws UnknownCommitException when there is no such commit, or not this blueprint in it
   * @throws UnknownBranchException when there is no such branch
   * @throws DamagedBlueprintException when the content cannot be used
   */
  public CommittedBlueprint undo(BranchName branch, BlueprintName name, String commitId) {
    if (!ObjectId.isId(commitId)) {
      throw new UnknownCommitException(
          "Unknown commit: " + commitId + "; give all 40 digits of its id");
    }
    if (index(branch).isEmpty()) {
      throw new UnknownBranchException(branch);
    }
    Blueprint old = at(branch, name, commitId).blueprint();
    return queue.commit(
        branch,
        draft ->
            draft.put(
                name, content(old), old, name.fileName() + " reverted to commit " + commitId));
  }

  /**
   * A blueprint as it was in a commit.
   *
   * @param revision {@code NEWEST}, a full or abbreviated commit id, or the name of a branch or tag
   * @throws UnknownBlueprintException when the newest one is asked for and there is none
   * @throws UnknownCommitException when there is no such commit, or not this blueprint in it
   * @throws DamagedBlueprintException when the content cannot be used
   */
  public CommittedBlueprint at(BranchName branch, BlueprintName name, String revision) {
    if (revision.equals(NEWEST)) {
      return newest(branch, name).orElseThrow(() -> new UnknownBlueprintException(name));
    }
    try {
      ObjectId commit =
          git.resolve(revision)
              .orElseThrow(() -> new UnknownCommitException("Unknown commit: " + revision));
      ObjectId content =
          git.tree(commit)
              .find(name.fileName())
              .orElseThrow(
                  () ->
                      new UnknownCommitException(
                          "Unknown commit: " + revision + " has no blueprint " + name));
      return new CommittedBlueprint(parse(name, commit, content), commit.name());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read commit " + revision, e);
    }
  }

  /**
   * Commits every {@code *.toml} file directly in a directory whose blueprint (by the name inside)
   * is not on master. Files that cannot be imported are logged and skipped.
   *
   * @return a sentence per skipped file
   */
  public List<String> importDirectory(Path directory) {
    return new DirectoryImport(this).run(directory);
  }

  /** Whether there is a branch. */
  public boolean contains(BranchName branch) {
    return index(branch).isPresent();
  }

  /** Whether the head of a branch has a blueprint, readable or not. */
  public boolean contains(BranchName branch, BlueprintName name) {
    return index(branch).flatMap(i -> i.find(name)).flatMap(StoredBlueprint::content).isPresent();
  }

  private Optional<BranchIndex> index(BranchName branch) {
    try {
      Optional<BranchIndex> fresh = branches.fresh(branch);
      if (fresh.isPresent() || git.head(branch).isEmpty()) {
        return fresh;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return queue.exclusively(() -> branches.current(branch));
  }

  private Blueprint parse(BlueprintName name, ObjectId commit, ObjectId content) {
    try {
      return BlueprintParser.fromStored(git.blob(content));
    } catch (InvalidBlueprintException e) {
      throw new DamagedBlueprintException(name, commit.name(), e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read blueprint " + name, e);
    }
  }

  /** Packs the repository now instead of when it is time. */
  void collectGarbage() {
    garbage.collect();
  }

  private void keepIndexes() {
    try {
      branches.keep(queue.exclusively(branches::histories));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for commits that were accepted, then releases the repository. */
  @Override
  public void close() {
    garbage.close();
    queue.close();
    try (git) {
      branches.keep(branches.histories());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
