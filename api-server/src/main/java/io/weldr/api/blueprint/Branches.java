package io.weldr.api.blueprint;

import io.weldr.api.store.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;

/** The indexes of the branches that were asked for so far. */
final class Branches {
  /** How long a commit by another git may go unnoticed by readers. */
  private static final long COMPARE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** In the repository's directory; git does not look at it. */
  private static final String INDEX_DIRECTORY = "blueprint-index";

  private final GitStore git;
  private final Map<BranchName, BranchIndex> indexes = new ConcurrentHashMap<>();

  Branches(GitStore git) {
    this.git = git;
  }

  /** The index, if it is known and was compared with git a moment ago. */
  Optional<BranchIndex> fresh(BranchName branch) throws IOException {
    BranchIndex index = indexes.get(branch);
    if (index == null) {
      return Optional.empty();
    }
    if (System.nanoTime() - index.comparedAt() < COMPARE_NANOS) {
      return Optional.of(index);
    }
    if (git.head(branch).equals(Optional.of(index.head().commit()))) {
      index.compared();
      return Optional.of(index);
    }
    return Optional.empty();
  }

  /**
   * The index, brought up to what git has; empty when git has no such branch. Only for the writer
   * thread.
   */
  Optional<BranchIndex> current(BranchName branch) throws IOException {
    Optional<ObjectId> head = git.head(branch);
    if (head.isEmpty()) {
      indexes.remove(branch);
      return Optional.empty();
    }
    BranchIndex index = indexes.get(branch);
    if (index != null && !index.head().commit().equals(head.get())) {
      // Another git was here: what it did must not be undone by the journal after a power cut.
      git.settle();
      if (isAncestor(index.head().commit(), head.get())) {
        index.follow(git, head.get());
      } else {
        index = null;
      }
    }
    if (index == null) {
      index = open(branch, head.get());
      indexes.put(branch, index);
    }
    index.compared();
    return Optional.of(index);
  }

  private BranchIndex open(BranchName branch, ObjectId head) throws IOException {
    Optional<IndexFile.Histories> kept = IndexFile.read(file(branch));
    return kept.isPresent() && isAncestor(kept.get().head(), head)
        ? BranchIndex.resume(git, kept.get(), head)
        : BranchIndex.read(git, head);
  }

  /** What the branches hold now; only for the writer thread. */
  Map<BranchName, IndexFile.Histories> histories() {
    Map<BranchName, IndexFile.Histories> histories = new LinkedHashMap<>();
    indexes.forEach((branch, index) -> histories.put(branch, index.histories()));
    return histories;
  }

  /** Keeps histories for the next start. */
  void keep(Map<BranchName, IndexFile.Histories> histories) throws IOException {
    DurableFiles.createDirectories(git.directory().resolve(INDEX_DIRECTORY));
    for (Map.Entry<BranchName, IndexFile.Histories> branch : histories.entrySet()) {
      IndexFile.write(file(branch.getKey()), branch.getValue());
    }
  }

  private Path file(BranchName branch) {
    return git.directory().resolve(INDEX_DIRECTORY).resolve(branch.value());
  }

  /** A draft on top of a branch; a new branch begins at the head of master. */
  BranchDraft draft(BranchName branch) throws IOException {
    Optional<BranchIndex> index = current(branch);
    if (index.isPresent()) {
      return new BranchDraft(index.get(), Optional.of(index.get().head().commit()));
    }
    BranchIndex master =
        current(BranchName.MASTER).orElseThrow(() -> new UnknownBranchException(BranchName.MASTER));
    return new BranchDraft(BranchIndex.startingAt(master), Optional.empty());
  }

  void publish(BranchName branch, BranchDraft draft) {
    indexes.put(branch, draft.publish());
  }

  private boolean isAncestor(ObjectId older, ObjectId newer) throws IOException {
    try (RevWalk walk = new RevWalk(git.repository())) {
      return git.commit(older).isPresent()
          && walk.isMergedInto(walk.parseCommit(older), walk.parseCommit(newer));
    }
  }
}
