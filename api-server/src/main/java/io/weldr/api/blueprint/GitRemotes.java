package io.weldr.api.blueprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;

/**
 * Asks the repositories of {@code repos.git} what their branches and tags are.
 *
 * <p>JGit speaks the protocols itself: nothing is run, no configuration of the host or the user is
 * read, and an address is never an option. Only https, git and ssh are spoken, ssh with keys of the
 * administrator ({@link GitSsh}); repositories of this host are read where he allows it.
 */
public final class GitRemotes {
  private static final int SILENCE_SECONDS = 20;
  private static final int LIMIT_SECONDS = 60;
  private static final String FILE = "file://";
  private static final Pattern REMOTE =
      Pattern.compile(
          "(?!.*/\\.\\.?(/|$))((https|git)://|ssh://[A-Za-z_][A-Za-z0-9_.-]{0,31}@)[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?/[A-Za-z0-9._~%+@,=/-]*");

  private static final Pattern LOCAL =
      Pattern.compile("(?!.*/\\.\\.?(/|$))file:///[A-Za-z0-9._~%+@,=/-]+");

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  private static final String SSH = "ssh://";

  private final List<Path> directories;
  private final Optional<Path> sshDirectory;

  /**
   * @param directories of this host below which repositories may lie
   * @param sshDirectory has {@code known_hosts} and private keys; empty = no ssh
   */
  public GitRemotes(List<Path> directories, Optional<Path> sshDirectory) {
    this.directories = List.copyOf(directories);
    this.sshDirectory = sshDirectory;
    IsolatedGit.install();
  }

  /**
   * The commit that a reference means now: a tag, a branch, {@code origin/BRANCH}, a full name such
   * as {@code refs/heads/x}, HEAD, or a commit by its whole id.
   *
   * @throws GitRemoteException when the repository does not answer or has no such reference
   */
  public String commit(GitRepository repository) throws GitRemoteException {
    check(repository.repo());
    Map<String, Ref> refs = refs(repository.repo());
    String name = repository.ref();
    if (COMMIT.matcher(name).matches()) {
      return name;
    }
    String branch = name.startsWith("origin/") ? name.substring("origin/".length()) : name;
    return Stream.of("refs/tags/" + name, "refs/heads/" + branch, name)
        .flatMap(full -> Stream.ofNullable(refs.get(full)))
        .map(GitRemotes::commit)
        .findFirst()
        .orElseThrow(
            () ->
                new GitRemoteException(
                    "Failed to archive %s from ref \"%s\"".formatted(repository.repo(), name)));
  }

  private static String commit(Ref ref) {
    ObjectId peeled = ref.getPeeledObjectId();
    return (peeled == null ? ref.getObjectId() : peeled).name();
  }

  private void check(String url) throws GitRemoteException {
    if (REMOTE.matcher(url).matches()) {
      if (url.startsWith(SSH)) {
        useSsh(url);
      }
      return;
    }
    if (!LOCAL.matcher(url).matches()) {
      throw new GitRemoteException(
          "Failed to clone "
              + url
              + ": use an https or git address without user, or ssh with one, and no query and fragment");
    }
    if (!allowed(Path.of(url.substring(FILE.length())))) {
      throw new GitRemoteException(
          "Failed to clone "
              + url
              + ": it is not below a directory of the setting git_directories");
    }
  }

  /** Not before it is needed: it is a library of its own. */
  private void useSsh(String url) throws GitRemoteException {
    if (sshDirectory.isEmpty()) {
      throw new GitRemoteException(
          "Failed to clone " + url + ": ssh needs the setting git_ssh_directory");
    }
    GitSsh.install(sshDirectory.get());
  }

  private boolean allowed(Path repository) {
    try {
      Path real = repository.toRealPath();
      return Files.isDirectory(repository, LinkOption.NOFOLLOW_LINKS)
          && directories.stream().anyMatch(real::startsWith);
    } catch (IOException e) {
      return false;
    }
  }

  /** With an end, however slowly the server answers. */
  private static Map<String, Ref> refs(String url) throws GitRemoteException {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Map<String, Ref>> answer = executor.submit(() -> ask(url));
      try {
        return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      } finally {
        answer.cancel(true);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new GitRemoteException("Failed to clone " + url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GitRemoteException("Failed to clone " + url, e);
    }
  }

  private static Map<String, Ref> ask(String url) throws GitAPIException {
    Map<String, Ref> refs =
        Git.lsRemoteRepository().setRemote(url).setTimeout(SILENCE_SECONDS).callAsMap();
    return Optional.ofNullable(refs).orElse(Map.of());
  }
}
