package io.weldr.api.blueprint;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Finds which commit changed which file at the root of the tree: a commit with parents whose file
 * differs from that of every parent. Deletions do not count.
 */
final class HistoryWalk {
  private HistoryWalk() {}

  /**
   * Reports the changes from oldest to newest, parents before children.
   *
   * @param from the newest commit to look at
   * @param known this commit and its ancestors are left out
   */
  static void changes(
      Repository repository,
      ObjectId from,
      Optional<ObjectId> known,
      BiConsumer<String, FileHistory.Entry> action)
      throws IOException {
    try (RevWalk commits = new RevWalk(repository);
        TreeWalk trees = new TreeWalk(commits.getObjectReader())) {
      commits.sort(RevSort.TOPO);
      commits.sort(RevSort.REVERSE, true);
      commits.markStart(commits.parseCommit(from));
      if (known.isPresent()) {
        commits.markUninteresting(commits.parseCommit(known.get()));
      }
      trees.setRecursive(false);
      for (RevCommit commit : commits) {
        if (commit.getParentCount() > 0) {
          compare(commits, trees, commit, action);
        }
      }
    }
  }

  private static void compare(
      RevWalk commits,
      TreeWalk trees,
      RevCommit commit,
      BiConsumer<String, FileHistory.Entry> action)
      throws IOException {
    ObjectId[] compared = new ObjectId[commit.getParentCount() + 1];
    for (int i = 0; i < commit.getParentCount(); i++) {
      compared[i] = commits.parseCommit(commit.getParent(i)).getTree();
    }
    compared[compared.length - 1] = commit.getTree();
    trees.reset(compared);
    trees.setFilter(TreeFilter.ANY_DIFF);
    int here = compared.length - 1;
    while (trees.next()) {
      ObjectId content = trees.getObjectId(here);
      boolean isFile = (trees.getRawMode(here) & FileMode.TYPE_MASK) == FileMode.TYPE_FILE;
      boolean differs = Arrays.stream(parents(trees, here)).noneMatch(content::equals);
      if (isFile && differs) {
        action.accept(
            trees.getPathString(),
            new FileHistory.Entry(
                commit.copy(),
                content,
                Instant.ofEpochSecond(commit.getCommitTime()),
                message(commit)));
      }
    }
  }

  private static ObjectId[] parents(TreeWalk trees, int count) {
    ObjectId[] contents = new ObjectId[count];
    for (int i = 0; i < count; i++) {
      contents[i] = trees.getObjectId(i);
    }
    return contents;
  }

  /** Most messages are made by us; they are short and without a line end. */
  static String message(RevCommit commit) {
    return commit.getFullMessage().stripTrailing();
  }
}
