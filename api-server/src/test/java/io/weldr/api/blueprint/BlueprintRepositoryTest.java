package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is saved, listed and deleted. */
class BlueprintRepositoryTest extends RepositoryTestCase {
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
