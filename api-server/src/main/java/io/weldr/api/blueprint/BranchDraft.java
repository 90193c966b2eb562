package io.weldr.api.blueprint;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** Commits on a branch that are not written yet. */
final class BranchDraft {
  private final BranchIndex index;
  private final Optional<ObjectId> base;
  private final Map<String, StoredBlueprint> changed = new HashMap<>();
  private final List<GitObject> objects = new ArrayList<>();
  private BranchIndex.Head head;

  /**
   * A draft without commits.
   *
   * @param index of the branch, or a copy of master's for a new branch
   * @param base where the branch points now; empty for a new branch
   */
  BranchDraft(BranchIndex index, Optional<ObjectId> base) {
    this.index = index;
    this.base = base;
    this.head = index.head();
  }

  Optional<StoredBlueprint> find(BlueprintName name) {
    return Optional.ofNullable(changed.get(name.fileName())).or(() -> index.find(name));
  }

  /** Adds a commit that gives a file this content. */
  CommittedBlueprint put(BlueprintName name, byte[] content, Blueprint parsed, String message)
      throws IOException {
    GitObject blob = GitObject.blob(content);
    objects.add(blob);
    Instant now = GitStore.now();
    GitObject commit = commit(head.tree().with(name.fileName(), blob.id()), message, now);
    FileHistory.Entry entry = new FileHistory.Entry(commit.id(), blob.id(), now, message);
    Optional<FileHistory> older = find(name).flatMap(StoredBlueprint::history);
    changed.put(
        name.fileName(),
        new StoredBlueprint(
            Optional.of(blob.id()),
            Optional.of(parsed),
            Optional.of(FileHistory.with(entry, older))));
    return new CommittedBlueprint(parsed, commit.id().name());
  }

  /** Adds a commit without a file. */
  void remove(BlueprintName name, String message) throws IOException {
    Optional<FileHistory> history = find(name).flatMap(StoredBlueprint::history);
    commit(head.tree().without(name.fileName()), message, GitStore.now());
    changed.put(name.fileName(), new StoredBlueprint(Optional.empty(), Optional.empty(), history));
  }

  private GitObject commit(RootTree tree, String message, Instant time) throws IOException {
    GitObject treeObject = GitObject.tree(tree);
    GitObject commit = GitStore.commit(treeObject.id(), Optional.of(head.commit()), message, time);
    objects.add(treeObject);
    objects.add(commit);
    head = new BranchIndex.Head(commit.id(), tree);
    return commit;
  }

  /** Bytes of all objects before compression. */
  long size() {
    return objects.stream().mapToLong(object -> object.content().length).sum();
  }

  List<GitObject> objects() {
    return List.copyOf(objects);
  }

  /** What will happen to the branch. */
  RefChange change(BranchName branch) {
    return new RefChange(branch.ref(), base, head.commit());
  }

  BranchIndex.Head head() {
    return head;
  }

  /** Shows the commits, now durable, to everybody. */
  BranchIndex publish() {
    index.advance(changed, head);
    return index;
  }
}
