package io.weldr.worker.installer.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.image.KeptLines;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.GitAccess;
import io.weldr.worker.spec.GitPackage;
import io.weldr.worker.spec.PackageFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Packages of repositories behind a real sshd. */
class GitSshTest {
  private static GitServer repository;
  private static SshServer server;
  private static String commit;

  private final List<String> lines = new ArrayList<>();

  @BeforeAll
  static void serve() throws Exception {
    repository = new GitServer();
    Files.writeString(repository.repository.resolve("index.html"), "hello\n");
    commit = repository.commit();
    server = new SshServer(Files.createDirectory(repository.directory.resolve("ssh")));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    repository.close();
  }

  @Test
  void aRepositoryIsFetchedWithTheKeyOfTheAdministrator() throws Exception {
    Path archive = made(access());
    List<String> content = GitServer.output("/usr/bin/dpkg-deb", "-c", archive.toString());
    assertTrue(content.toString().contains("./opt/site/index.html"), content::toString);
  }

  @Test
  void aServerWithAnotherKeyThanTheKnownOneIsRefused() throws Exception {
    GitServer.output(
        "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", server.access + "/../other");
    server.know("other.pub");
    try {
      refused(access());
      Files.writeString(server.access.resolve("known_hosts"), "");
      refused(access());
    } finally {
      server.know("host.pub");
    }
  }

  @Test
  void withoutTheSettingThereIsNoSsh() {
    String message = refused(GitAccess.NONE);
    assertTrue(message.contains("git_ssh_directory"), message);
  }

  @Test
  void aKeyThatTheServerDoesNotKnowIsRefusedByIt() throws Exception {
    Path other = Files.createDirectory(server.access.resolveSibling("strange"));
    Files.copy(server.access.resolve("known_hosts"), other.resolve("known_hosts"));
    GitServer.output("/usr/bin/ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", other + "/key");
    refused(new GitAccess(List.of(), Optional.of(other)));
  }

  private static GitAccess access() {
    return new GitAccess(List.of(), Optional.of(server.access));
  }

  private String refused(GitAccess access) {
    BuildException failure = assertThrows(BuildException.class, () -> made(access));
    assertEquals(FailureCode.SOURCE_UNREACHABLE, failure.code());
    return failure.getMessage();
  }

  private Path made(GitAccess access) throws BuildException, IOException, InterruptedException {
    GitPackage source =
        new GitPackage(
            "site",
            "1.0",
            "1",
            "x",
            server.url(repository.repository.toRealPath()),
            "main",
            commit,
            "/opt/site");
    return new GitPackages(PackageFamily.APT, access, new KeptLines(lines))
        .make(List.of(source), repository.directory.resolve("area-" + System.nanoTime()))
        .get(source);
  }
}
