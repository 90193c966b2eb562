package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a repository made with git, which JGit reads as it reads one behind a server. */
class GitRemotesTest {
  @TempDir Path directory;

  private Path repository;
  private String first;
  private String second;

  @BeforeEach
  void makeRepository() throws Exception {
    repository = Files.createDirectory(directory.toRealPath().resolve("site.git"));
    git("init", "--quiet", "--initial-branch=main", ".");
    first = commit("a");
    git("tag", "-m", "annotated", "v1.0");
    git("tag", "light");
    second = commit("b");
    git("branch", "topic", first);
  }

  @Test
  void referencesAreResolvedAsGitArchiveDoes() throws Exception {
    assertEquals(second, resolved("main"));
    assertEquals(second, resolved("HEAD"));
    assertEquals(first, resolved("origin/topic"));
    assertEquals(first, resolved("refs/heads/topic"));
    assertEquals(first, resolved("v1.0"), "an annotated tag is its commit");
    assertEquals(first, resolved("light"));
    assertEquals(first, resolved(first));
  }

  @Test
  void anUnknownReferenceHasTheWordsOfTheContract() {
    GitRemoteException failure = assertThrows(GitRemoteException.class, () -> resolved("nope"));
    assertEquals(
        "Failed to archive file://" + repository + " from ref \"nope\"", failure.getMessage());
  }

  @Test
  void aServerThatDoesNotAnswerHasTheWordsOfTheContract() {
    GitRemoteException failure =
        assertThrows(
            GitRemoteException.class, () -> remotes().commit(of("git://127.0.0.1:1/x", "main")));
    assertEquals("Failed to clone git://127.0.0.1:1/x", failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext::sh -c touch% /tmp/hostile-git",
        "ext::touch /tmp/hostile-git",
        "-u/tmp/hostile-git",
        "--upload-pack=touch /tmp/hostile-git",
        "ssh://-oProxyCommand=touch/x",
        "ssh://example.com/x",
        "ssh://git@example.com/x",
        "ssh://git:password@example.com/x",
        "ssh://git@-oProxyCommand=touch/x",
        "file:///etc",
        "file:///srv/../etc",
        "/etc",
        "../x",
        "http://127.0.0.1/x",
        "https://user:password@127.0.0.1/x",
        "https://127.0.0.1/x?y",
        "https://127.0.0.1/x#y",
        "https://127.0.0.1/../x",
        "https://-oX/x",
        "git://127.0.0.1:1/x\nhost=evil",
        "git://127.0.0.1:1/x y",
        "bundle:///x",
        "ftp://127.0.0.1/x",
        ""
      })
  void onlyPlainAddressesAreUsed(String url) {
    GitRemoteException failure =
        assertThrows(GitRemoteException.class, () -> remotes().commit(of(url, "main")));
    assertTrue(failure.getMessage().startsWith("Failed to clone " + url + ": "));
    assertFalse(Files.exists(Path.of("/tmp/hostile-git")));
  }

  @Test
  void aLinkOutOfAListedDirectoryIsNotFollowed() throws Exception {
    Path listed = Files.createDirectory(directory.resolve("listed"));
    Path link = Files.createSymbolicLink(listed.resolve("link"), repository);
    GitRemotes remotes = new GitRemotes(List.of(listed.toRealPath()), Optional.empty());
    assertThrows(GitRemoteException.class, () -> remotes.commit(of("file://" + link, "main")));
  }

  private String resolved(String ref) throws GitRemoteException {
    return remotes().commit(of("file://" + repository, ref));
  }

  private GitRemotes remotes() {
    return new GitRemotes(List.of(repository.getParent()), Optional.empty());
  }

  private static GitRepository of(String url, String ref) {
    return new GitRepository("n", "1", "1", "s", url, ref, "/opt/x");
  }

  private String commit(String content) throws Exception {
    Files.writeString(repository.resolve("file"), content);
    git("add", ".");
    git("commit", "--quiet", "-m", content);
    return git("rev-parse", "HEAD").getFirst();
  }

  private List<String> git(String... arguments) throws IOException, InterruptedException {
    List<String> argv =
        new ArrayList<>(
            List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C"));
    argv.add(repository.toString());
    argv.addAll(List.of(arguments));
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    List<String> lines = process.inputReader().lines().toList();
    assertEquals(0, process.waitFor(), lines::toString);
    return lines;
  }
}
