package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlueprintRepositoryTest {
  private static final BranchName MASTER = BranchName.MASTER;

  @TempDir Path blueprints;
  private BlueprintRepository repository;
  private RealGit git;

  @BeforeEach
  void open() throws IOException {
    repository = BlueprintRepository.open(blueprints);
    git = new RealGit(blueprints.resolve("git"));
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private void reopen() throws IOException {
    repository.close();
    repository = BlueprintRepository.open(blueprints);
  }

  private static Blueprint blueprint(String name, String... lines) {
    return BlueprintParser.fromToml(
        "name = \"" + name + "\"\ndescription = \"d\"\n" + String.join("\n", lines));
  }

  private static BlueprintName name(String name) {
    return BlueprintName.of(name);
  }

  private String version(String name) {
    return repository.newest(MASTER, name(name)).orElseThrow().blueprint().version().orElseThrow();
  }

  @Test
  void aNewRepositoryHasOneEmptyCommitByTheApi() throws Exception {
    assertEquals(
        "bdcs-api-server|user-email|bdcs-api-server|user-email|Initial Recipe repository commit",
        git.run("log", "--format=%an|%ae|%cn|%ce|%s", "master"));
    assertEquals("", git.run("ls-tree", "master"));
    assertEquals("true", git.run("rev-parse", "--is-bare-repository"));
    assertEquals(List.of(), repository.list(MASTER));
  }

  @Test
  void aSavedBlueprintIsAFileOfACommitWithTheMessageOfTheContract() throws Exception {
    CommittedBlueprint saved = repository.save(MASTER, blueprint("http-server"));
    assertEquals(Optional.of("0.0.1"), saved.blueprint().version());
    assertEquals(saved.commitId(), git.run("rev-parse", "master"));
    assertEquals(
        "Recipe http-server, version 0.0.1 saved.", git.run("log", "-1", "--format=%B", "master"));
    assertTrue(git.run("log", "-1", "--format=%cI", "master").endsWith("+00:00"));
    assertTrue(git.run("ls-tree", "master").matches("100644 blob [0-9a-f]{40}\thttp-server.toml"));
    assertEquals(
        BlueprintToml.print(saved.blueprint()), git.run("show", "master:http-server.toml"));
    assertEquals(Optional.of(saved), repository.newest(MASTER, name("http-server")));
    reopen();
    assertEquals(Optional.of(saved), repository.newest(MASTER, name("http-server")));
    git.run("fsck", "--strict");
  }

  @Test
  void versionsFollowTheContract() {
    repository.save(MASTER, blueprint("a"));
    assertEquals("0.0.1", version("a"));
    repository.save(MASTER, blueprint("a"));
    assertEquals("0.0.2", version("a"));
    repository.save(MASTER, blueprint("a", "version = \"0.0.2\""));
    assertEquals("0.0.3", version("a"));
    repository.save(MASTER, blueprint("a", "version = \"0.0.1\""));
    assertEquals("0.0.1", version("a"));
    repository.save(MASTER, blueprint("a", "version = \"9.0.0-rc1\""));
    repository.save(MASTER, blueprint("a"));
    assertEquals("9.0.0", version("a"));
    repository.save(MASTER, blueprint("a", "version = \"0.1.2+b\""));
    repository.save(MASTER, blueprint("a", "version = \"0.1.2+b\""));
    assertEquals("0.1.3", version("a"));
    repository.save(MASTER, blueprint("b", "version = \"4.5.6\""));
    assertEquals("4.5.6", version("b"));
    repository.delete(MASTER, name("b"));
    repository.save(MASTER, blueprint("b"));
    assertEquals("0.0.1", version("b"));
  }

  @Test
  void namesAreListedByTheBytesOfTheirFileNames() {
    List.of("b", "a", "a-b", "Z", "a.b", "a0").forEach(n -> repository.save(MASTER, blueprint(n)));
    assertEquals(List.of("Z", "a-b", "a.b", "a", "a0", "b"), repository.list(MASTER));
  }

  @Test
  void aDeletedBlueprintIsGoneAndItsHistoryStays() throws Exception {
    repository.save(MASTER, blueprint("a"));
    repository.save(MASTER, blueprint("b"));
    repository.delete(MASTER, name("a"));
    assertEquals("Recipe a.toml deleted", git.run("log", "-1", "--format=%B", "master"));
    assertEquals("b.toml", git.run("ls-tree", "--name-only", "master"));
    assertEquals(Optional.empty(), repository.newest(MASTER, name("a")));
    assertEquals(List.of("b"), repository.list(MASTER));
    assertThrows(UnknownBlueprintException.class, () -> repository.delete(MASTER, name("a")));
    reopen();
    assertEquals(List.of("b"), repository.list(MASTER));
  }

  @Test
  void aBranchBeginsAtMasterWhenItIsFirstWritten() throws Exception {
    BranchName other = BranchName.of("other");
    repository.save(MASTER, blueprint("a"));
    assertThrows(UnknownBranchException.class, () -> repository.list(other));
    assertEquals(Optional.empty(), repository.newest(other, name("a")));
    assertThrows(UnknownBlueprintException.class, () -> repository.delete(other, name("a")));
    assertThrows(UnknownBranchException.class, () -> repository.list(other));
    repository.save(other, blueprint("b"));
    assertEquals(List.of("a", "b"), repository.list(other));
    assertEquals(List.of("a"), repository.list(MASTER));
    assertEquals("master\nother", git.run("branch", "--format=%(refname:short)"));
    reopen();
    assertEquals(List.of("a", "b"), repository.list(other));
  }

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
  void manyWritersLoseNothingAndCountVersionsWithoutGaps() throws Exception {
    ConcurrentLinkedQueue<String> versions = new ConcurrentLinkedQueue<>();
    List<Thread> threads =
        IntStream.range(0, 64)
            .mapToObj(
                i ->
                    Thread.startVirtualThread(
                        () -> {
                          repository.save(MASTER, blueprint("own-" + i));
                          versions.add(
                              repository
                                  .save(MASTER, blueprint("shared"))
                                  .blueprint()
                                  .version()
                                  .orElseThrow());
                          if (i % 2 == 0) {
                            repository.delete(MASTER, name("own-" + i));
                          }
                        }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(
        IntStream.rangeClosed(1, 64).mapToObj(i -> "0.0." + i).sorted().toList(),
        versions.stream().sorted().toList());
    assertEquals(33, repository.list(MASTER).size());
    assertEquals("161", git.run("rev-list", "--count", "master"));
    git.run("fsck", "--strict");
    reopen();
    assertEquals(33, repository.list(MASTER).size());
    assertEquals("0.0.64", version("shared"));
  }

  @Test
  void onlyOneProcessMayHaveItOpen() {
    String message =
        assertThrows(IOException.class, () -> BlueprintRepository.open(blueprints)).getMessage();
    assertTrue(message.contains("in use by another process"), message);
  }

  @Test
  void locksOfAKilledProcessAreRemovedAtOpen() throws Exception {
    repository.close();
    Path git = blueprints.resolve("git");
    for (String file :
        List.of("HEAD.lock", "refs/heads/master.lock", "packed-refs.lock", "objects/tmp_obj_1")) {
      Files.writeString(git.resolve(file), "");
    }
    repository = BlueprintRepository.open(blueprints);
    repository.save(MASTER, blueprint("a"));
    assertFalse(Files.exists(git.resolve("objects/tmp_obj_1")));
    assertFalse(Files.exists(git.resolve("HEAD.lock")));
  }

  @Test
  void filesAreImportedByTheirInnerNameAndOthersReported() throws Exception {
    Files.writeString(blueprints.resolve("x.toml"), "name = \"inner\"\ndescription = \"\"\n");
    Files.writeString(blueprints.resolve("a.toml"), "name = \"in ner!\"\ndescription = \"\"\n");
    Files.writeString(blueprints.resolve("b.toml"), "name = \"b\"\n");
    Files.write(
        blueprints.resolve("c.toml"),
        "name = \"c\"\ndescription = \"\u00fc\"\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.createDirectory(blueprints.resolve("d.toml"));
    Files.createSymbolicLink(blueprints.resolve("e.toml"), Path.of("/etc/passwd"));
    Files.writeString(blueprints.resolve("f.toml"), "name = [\n");
    Files.writeString(blueprints.resolve("g.txt"), "name = [\n");
    List<String> messages = repository.importDirectory(blueprints);
    assertEquals(List.of("inner"), repository.list(MASTER));
    assertEquals(6, messages.size(), messages.toString());
    assertEquals("Blueprint file b.toml was not imported: Missing 'description'", messages.get(1));
    assertTrue(messages.get(0).startsWith("Blueprint file a.toml was not imported: Invalid"));
    assertTrue(messages.get(2).contains("not UTF-8"), messages.get(2));
    assertTrue(messages.get(3).contains("not a regular file"), messages.get(3));
    assertEquals(6, repository.importDirectory(blueprints).size());
    assertEquals("0.0.1", version("inner"));
  }

  @Test
  void gitConfigurationOfTheUserIsNotRead() throws Exception {
    repository.save(MASTER, blueprint("a"));
    assertEquals("bdcs-api-server", git.run("log", "-1", "--format=%an"));
    assertFalse(git.run("config", "--local", "--list").contains("user."));
  }

  private List<String> messages(String name) {
    return repository.changes(MASTER, name(name), 0, 1000).orElseThrow().changes().stream()
        .map(Change::message)
        .toList();
  }

  private List<String> revisions(String name) {
    return repository.changes(MASTER, name(name), 0, 1000).orElseThrow().changes().stream()
        .map(c -> c.revision().isPresent() ? String.valueOf(c.revision().getAsInt()) : "-")
        .toList();
  }

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

  @Test
  void aBlueprintThatGrowsTooLargeAsTomlIsRefused() {
    // Six characters of TOML for each of the JSON.
    Blueprint large =
        BlueprintParser.fromJson(
            "{\"name\":\"a\",\"description\":\"\",\"customizations\":{\"x\":\""
                + "\ue000".repeat(200_000)
                + "\"}}");
    assertThrows(InvalidBlueprintException.class, () -> repository.save(MASTER, large));
    assertEquals(List.of(), repository.list(MASTER));
  }

  @Test
  void anIndexThatIsMissingDamagedOrOfAnotherHistoryIsMadeAgain() throws Exception {
    Path index = blueprints.resolve("git/blueprint-index/master");
    repository.save(MASTER, blueprint("a"));
    String first = git.run("rev-parse", "master");
    repository.close();
    byte[] old = Files.readAllBytes(index);
    open();
    repository.save(MASTER, blueprint("a"));
    repository.save(MASTER, blueprint("b"));
    repository.close();
    List<String> expected =
        List.of("Recipe a, version 0.0.2 saved.", "Recipe a, version 0.0.1 saved.");
    byte[] damaged = Files.readAllBytes(index);
    damaged[30] ^= 1;
    for (byte[] content : List.of(old, damaged, new byte[0], new byte[25])) {
      Files.write(index, content);
      open();
      assertEquals(expected, messages("a"));
      assertEquals(List.of("a", "b"), repository.list(MASTER));
      repository.close();
    }
    Files.delete(index);
    open();
    assertEquals(expected, messages("a"));
    repository.close();
    git.run("update-ref", "refs/heads/master", first);
    git.run("reflog", "expire", "--expire=now", "--all");
    git.run("gc", "-q", "--prune=now");
    open();
    assertEquals(List.of("Recipe a, version 0.0.1 saved."), messages("a"));
    assertEquals(List.of("a"), repository.list(MASTER));
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
  void packingInTheBackgroundDisturbsNeitherWritersNorReaders() throws Exception {
    Thread packing =
        Thread.startVirtualThread(
            () -> IntStream.range(0, 5).forEach(round -> repository.collectGarbage()));
    int saved = 0;
    try {
      String first = repository.save(MASTER, blueprint("a")).commitId();
      for (saved = 1; packing.isAlive(); saved++) {
        repository.save(MASTER, blueprint("a"));
        repository.tag(MASTER, name("a"));
        assertEquals(first, repository.at(MASTER, name("a"), first).commitId());
      }
    } finally {
      packing.join();
    }
    repository.collectGarbage();
    assertEquals(String.valueOf(saved + 1), git.run("rev-list", "--count", "master"));
    assertEquals("0.0." + saved, version("a"));
    git.run("fsck", "--strict");
    reopen();
    assertEquals("Recipe a, version 0.0.1 saved.", messages("a").getLast());
  }
}
