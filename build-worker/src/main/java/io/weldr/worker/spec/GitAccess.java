package io.weldr.worker.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What git repositories may be reached by beside https and git.
 *
 * @param directories below which repositories of this host may lie
 * @param sshDirectory has {@code known_hosts} and private keys; empty = no ssh
 */
public record GitAccess(List<Path> directories, Optional<Path> sshDirectory) {
  /** Neither. */
  public static final GitAccess NONE = new GitAccess(List.of(), Optional.empty());

  public GitAccess {
    directories = List.copyOf(directories);
  }
}
