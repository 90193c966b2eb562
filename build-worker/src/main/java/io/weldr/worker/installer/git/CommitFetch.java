package io.weldr.worker.installer.git;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.SubmoduleConfig.FetchRecurseSubmodulesMode;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;

/**
 * Fetches one commit of a repository and writes its files into a directory.
 *
 * <p>Security: part of the unprivileged {@link GitFetchMain}. Fetched objects are checked as {@code
 * git fsck} does; submodules are not followed; nothing of a repository is run.
 */
final class CommitFetch {
  private static final int TIMEOUT_SECONDS = 60;

  private final FetchOrder order;

  CommitFetch(FetchOrder order) {
    this.order = order;
  }

  /**
   * Fetches and exports.
   *
   * @param gitDirectory for the repository's copy; not there yet
   * @param tree for the files; not there yet
   * @throws IOException in words for the owner of the blueprint
   */
  void run(Path gitDirectory, Path tree) throws IOException {
    try (Repository repository =
        new FileRepositoryBuilder().setBare().setGitDir(gitDirectory.toFile()).build()) {
      repository.create(true);
      fetch(new Git(repository));
      try (RevWalk walk = new RevWalk(repository)) {
        RevCommit commit = walk.parseCommit(ObjectId.fromString(order.commit()));
        new CommitExport(repository, order).write(commit, tree);
      }
    }
  }

  /** The commit alone, and where the server gives no single commits, all branches and tags. */
  private void fetch(Git git) throws IOException {
    try {
      fetch(git, 1, new RefSpec(order.commit() + ":refs/weldr/commit"));
    } catch (GitAPIException e) {
      fetchAll(git);
    }
  }

  private void fetchAll(Git git) throws IOException {
    try {
      fetch(
          git,
          0,
          new RefSpec("+refs/heads/*:refs/heads/*"),
          new RefSpec("+refs/tags/*:refs/tags/*"));
    } catch (GitAPIException e) {
      throw new IOException("Failed to clone " + order.url() + ": " + e.getMessage(), e);
    }
    if (!git.getRepository().getObjectDatabase().has(ObjectId.fromString(order.commit()))) {
      throw new IOException(
          "the repository " + order.url() + " has no commit " + order.commit() + " any more");
    }
  }

  private void fetch(Git git, int depth, RefSpec... specs) throws GitAPIException {
    var fetch =
        git.fetch()
            .setRemote(order.url())
            .setRefSpecs(List.of(specs))
            .setTagOpt(TagOpt.NO_TAGS)
            .setCheckFetchedObjects(true)
            .setRecurseSubmodules(FetchRecurseSubmodulesMode.NO)
            .setTimeout(TIMEOUT_SECONDS);
    if (depth > 0) {
      fetch.setDepth(depth);
    }
    fetch.call();
  }
}
