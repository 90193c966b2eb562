package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What other gits do to the repository. */
class ForeignGitTest extends RepositoryTestCase {
  @Test
  void commitsOfAnotherGitAreSeenAndBuiltUpon() throws Exception {
    repository.save(MASTER, blueprint("a"));
    Path clone = blueprints.resolve("clone");
    git.run("clone", "-q", blueprints.resolve("git").toString(), clone.toString());
    RealGit work = new RealGit(clone);
    Files.writeString(clone.resolve("a.toml"), "name=\"a\"\ndescription=\"\"\nversion=\"7.0.0\"\n");
    Files.createDirectory(clone.resolve("a"));
    Files.writeString(clone.resolve("a/x.toml"), "");
    Files.writeString(clone.resolve("inner name!.toml"), "");
    work.run("add", ".");
    work.run("-c", "user.name=x", "-c", "user.email=y", "commit", "-qm", "by hand");
    work.run("push", "-q", "origin", "master");
    repository.save(MASTER, blueprint("b"));
    repository.save(MASTER, blueprint("a"));
    assertEquals("7.0.1", version("a"));
    assertEquals(List.of("a", "b"), repository.list(MASTER));
    assertEquals(
        "a.toml\na\nb.toml\ninner name!.toml", git.run("ls-tree", "--name-only", "master"));
    git.run("fsck", "--strict");
  }

  @Test
  void aDamagedFileIsNamedAndCanBeReplaced() throws Exception {
    Path clone = blueprints.resolve("clone");
    git.run("clone", "-q", blueprints.resolve("git").toString(), clone.toString());
    Files.writeString(clone.resolve("a.toml"), "name = [");
    RealGit work = new RealGit(clone);
    work.run("add", ".");
    work.run("-c", "user.name=x", "-c", "user.email=y", "commit", "-qm", "damage");
    work.run("push", "-q", "origin", "master");
    reopen();
    assertEquals(List.of("a"), repository.list(MASTER));
    String message =
        assertThrows(DamagedBlueprintException.class, () -> repository.newest(MASTER, name("a")))
            .getMessage();
    assertTrue(message.contains("Blueprint a of commit") && message.contains("TOML"), message);
    repository.save(MASTER, blueprint("a"));
    assertEquals("0.0.1", version("a"));
  }

  @Test
  void gitConfigurationOfTheUserIsNotRead() throws Exception {
    repository.save(MASTER, blueprint("a"));
    assertEquals("bdcs-api-server", git.run("log", "-1", "--format=%an"));
    assertFalse(git.run("config", "--local", "--list").contains("user."));
  }

  @Test
  void aMergeCountsOnlyWhenItDiffersFromAllItsParents() throws Exception {
    repository.save(MASTER, blueprint("a"));
    Path clone = blueprints.resolve("clone");
    git.run("clone", "-q", blueprints.resolve("git").toString(), clone.toString());
    RealGit work = new RealGit(clone);
    work.run("config", "user.name", "x");
    work.run("config", "user.email", "y");
    work.run("checkout", "-qb", "side");
    Files.writeString(clone.resolve("b.toml"), "name=\"b\"\ndescription=\"\"");
    work.run("add", ".");
    work.run("commit", "-qm", "side");
    work.run("checkout", "-q", "master");
    Files.writeString(clone.resolve("a.toml"), "name=\"a\"\ndescription=\"2\"");
    work.run("commit", "-qam", "main");
    work.run("merge", "-q", "--no-ff", "-m", "merge", "side");
    work.run("push", "-q", "origin", "master");
    reopen();
    assertEquals(List.of("main", "Recipe a, version 0.0.1 saved."), messages("a"));
    assertEquals(List.of("side"), messages("b"));
  }

  @Test
  void aRewrittenBranchIsReadAnewWhileOpen() throws Exception {
    repository.save(MASTER, blueprint("a"));
    String first = git.run("rev-parse", "master");
    repository.save(MASTER, blueprint("b"));
    git.run("update-ref", "refs/heads/master", first);
    repository.save(MASTER, blueprint("c"));
    assertEquals(List.of("a", "c"), repository.list(MASTER));
    assertEquals(Optional.empty(), repository.changes(MASTER, name("b"), 0, 1));
  }

  @Test
  void tagsOfAnotherGitAreSeenAtOnce() throws Exception {
    repository.save(MASTER, blueprint("a"));
    assertEquals(List.of("-"), revisions("a"));
    git.run("tag", "master/a.toml/r7", "master");
    awaitRevisions(List.of("7"));
    repository.tag(MASTER, name("a"));
    assertEquals("master/a.toml/r7", git.run("tag", "--list"));
    repository.save(MASTER, blueprint("a"));
    repository.tag(MASTER, name("a"));
    assertEquals(List.of("8", "7"), revisions("a"));
    git.run("pack-refs", "--all");
    awaitRevisions(List.of("8", "7"));
    git.run("tag", "-d", "master/a.toml/r7");
    awaitRevisions(List.of("8", "-"));
  }

  /** Two changes within one tick of the file system's clock take a moment to be told apart. */
  private void awaitRevisions(List<String> expected) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!revisions("a").equals(expected) && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertEquals(expected, revisions("a"));
  }
}
