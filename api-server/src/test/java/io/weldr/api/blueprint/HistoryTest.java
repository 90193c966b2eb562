package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Changes, revisions, undo and blueprints of old commits. */
class HistoryTest extends RepositoryTestCase {
  @Test
  void changesAreNewestFirstWithoutDeletionsAndByPages() throws Exception {
    assertEquals(Optional.empty(), repository.changes(MASTER, name("a"), 0, 20));
    assertEquals(Optional.empty(), repository.changes(BranchName.of("x"), name("a"), 0, 20));
    repository.save(MASTER, blueprint("a"));
    repository.save(MASTER, blueprint("b"));
    String second = repository.save(MASTER, blueprint("a")).commitId();
    repository.delete(MASTER, name("a"));
    repository.save(MASTER, blueprint("a", "version = \"3.0.0\""));
    List<String> expected =
        List.of(
            "Recipe a, version 3.0.0 saved.",
            "Recipe a, version 0.0.2 saved.",
            "Recipe a, version 0.0.1 saved.");
    assertEquals(expected, messages("a"));
    repository.delete(MASTER, name("a"));
    assertEquals(expected, messages("a"));
    ChangePage page = repository.changes(MASTER, name("a"), 1, 1).orElseThrow();
    assertEquals(3, page.total());
    assertEquals(List.of(second), page.changes().stream().map(Change::commitId).toList());
    assertEquals(
        git.run("log", "-1", "--format=%ct", second),
        String.valueOf(page.changes().getFirst().timestamp().getEpochSecond()));
    assertEquals(List.of(), repository.changes(MASTER, name("a"), 3, 5).orElseThrow().changes());
    assertEquals(List.of(), repository.changes(MASTER, name("a"), 0, 0).orElseThrow().changes());
    reopen();
    assertEquals(expected, messages("a"));
  }

  @Test
  void revisionsAreTagsOfTheNewestCommitAndCountUp() throws Exception {
    assertThrows(UnknownBlueprintException.class, () -> repository.tag(MASTER, name("a")));
    repository.save(MASTER, blueprint("a"));
    assertEquals(List.of("-"), revisions("a"));
    repository.tag(MASTER, name("a"));
    repository.tag(MASTER, name("a"));
    assertEquals(List.of("1"), revisions("a"));
    repository.save(MASTER, blueprint("a"));
    repository.save(MASTER, blueprint("b"));
    repository.save(MASTER, blueprint("a"));
    repository.tag(MASTER, name("a"));
    repository.tag(MASTER, name("b"));
    assertEquals(List.of("2", "-", "1"), revisions("a"));
    assertEquals("master/a.toml/r1\nmaster/a.toml/r2\nmaster/b.toml/r1", git.run("tag", "--list"));
    assertEquals(
        "tag master/a.toml/r2 bdcs-api-server",
        git.run(
            "for-each-ref",
            "--format=%(objecttype) %(contents) %(taggername)",
            "refs/tags/master/a.toml/r2"));
    assertEquals(
        repository.newest(MASTER, name("a")).orElseThrow().commitId(),
        git.run("rev-parse", "master/a.toml/r2^{commit}"));
    reopen();
    assertEquals(List.of("2", "-", "1"), revisions("a"));
    git.run("pack-refs", "--all");
    reopen();
    assertEquals(List.of("2", "-", "1"), revisions("a"));
    repository.delete(MASTER, name("a"));
    assertThrows(UnknownBlueprintException.class, () -> repository.tag(MASTER, name("a")));
  }

  @Test
  void aCommitWithSeveralRevisionsHasNoneAndNeedsNoMore() throws Exception {
    repository.save(MASTER, blueprint("a"));
    git.run("tag", "master/a.toml/r1", "master");
    git.run("tag", "master/a.toml/r2", "master");
    reopen();
    assertEquals(List.of("-"), revisions("a"));
    repository.tag(MASTER, name("a"));
    repository.save(MASTER, blueprint("a"));
    repository.tag(MASTER, name("a"));
    assertEquals(List.of("3", "-"), revisions("a"));
  }

  @Test
  void undoCommitsTheOldContentWithItsOldVersion() throws Exception {
    String first = repository.save(MASTER, blueprint("a", "version = \"1.0.0\"")).commitId();
    repository.save(MASTER, blueprint("a", "[[packages]]", "name = \"x\""));
    CommittedBlueprint undone = repository.undo(MASTER, name("a"), first);
    assertEquals(Optional.of("1.0.0"), undone.blueprint().version());
    assertEquals(List.of(), undone.blueprint().packages());
    assertEquals(
        "a.toml reverted to commit " + first, git.run("log", "-1", "--format=%B", "master"));
    assertEquals(Optional.of(undone), repository.newest(MASTER, name("a")));
    repository.delete(MASTER, name("a"));
    repository.undo(MASTER, name("a"), first);
    assertEquals("1.0.0", version("a"));
  }

  @Test
  void undoToWhatIsNotThereIsRefused() {
    String commit = repository.save(MASTER, blueprint("a")).commitId();
    for (String bad : List.of("", "x", commit.substring(0, 39), "0".repeat(40), "master")) {
      assertThrows(
          UnknownCommitException.class, () -> repository.undo(MASTER, name("a"), bad), bad);
    }
    assertThrows(UnknownCommitException.class, () -> repository.undo(MASTER, name("b"), commit));
    assertThrows(
        UnknownBranchException.class,
        () -> repository.undo(BranchName.of("other"), name("a"), commit));
  }

  @Test
  void aBlueprintAsOfARevisionIsFoundByIdBranchAndTag() throws Exception {
    String first = repository.save(MASTER, blueprint("a")).commitId();
    repository.save(BranchName.of("side"), blueprint("a", "version = \"5.0.0\""));
    String second = repository.save(MASTER, blueprint("a")).commitId();
    git.run("-c", "user.name=x", "-c", "user.email=y", "tag", "-a", "-m", "x", "v1", first);
    assertEquals(first, repository.at(MASTER, name("a"), first).commitId());
    assertEquals(first, repository.at(MASTER, name("a"), first.substring(0, 12)).commitId());
    assertEquals(first, repository.at(MASTER, name("a"), "v1").commitId());
    assertEquals(second, repository.at(MASTER, name("a"), "master").commitId());
    assertEquals(second, repository.at(MASTER, name("a"), "NEWEST").commitId());
    assertEquals(
        Optional.of("5.0.0"), repository.at(MASTER, name("a"), "side").blueprint().version());
    String tree = git.run("rev-parse", "master^{tree}");
    for (String bad : List.of("nothing", "abc", "..", ":", "*", tree, "master:a.toml", "HEAD~1")) {
      assertThrows(UnknownCommitException.class, () -> repository.at(MASTER, name("a"), bad), bad);
    }
    assertThrows(UnknownBlueprintException.class, () -> repository.at(MASTER, name("b"), "NEWEST"));
    assertThrows(UnknownCommitException.class, () -> repository.at(MASTER, name("b"), first));
  }
}
