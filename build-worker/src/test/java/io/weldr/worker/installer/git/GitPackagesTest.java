package io.weldr.worker.installer.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.FailureCode;
import io.weldr.worker.spec.GitAccess;
import io.weldr.worker.spec.GitPackage;
import io.weldr.worker.spec.PackageFamily;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Packages made with real git, dpkg-deb and rpmbuild. */
class GitPackagesTest implements StageReport {
  /** Every field that is text, with what rpm or a shell would like to run. */
  private static final String HOSTILE =
      "%(touch /tmp/hostile) %{lua:os.execute('touch /tmp/hostile')} $(id) `id` %{nil} \"%%\" '";

  private static GitServer server;
  private static String commit;

  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void serve() throws Exception {
    server = new GitServer();
    Path tree = server.repository;
    Files.createDirectories(tree.resolve("conf.d/with blank"));
    Files.writeString(tree.resolve("index.html"), "hello\n");
    Files.writeString(tree.resolve("conf.d/with blank/%{nil} [x] *"), "odd\n");
    Files.writeString(tree.resolve("run.sh"), "#!/bin/sh\n");
    assertTrue(tree.resolve("run.sh").toFile().setExecutable(true));
    Files.createSymbolicLink(tree.resolve("outside"), Path.of("/etc/shadow"));
    Files.createSymbolicLink(tree.resolve("above"), Path.of("../../../../etc"));
    commit = server.commit();
    server.git("-c", "user.name=t", "-c", "user.email=t@example.com", "tag", "-m", "v", "v1.0");
    // Not the tip any more: servers give such commits only with the whole history.
    Files.writeString(tree.resolve("later"), "later\n");
    server.commit();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void debianPackageHasTheFilesOfTheCommitAndNothingElse() throws Exception {
    GitPackage source = source(server.url(), "/opt/site", HOSTILE);
    Path archive = made(PackageFamily.APT, source);

    assertEquals(
        List.of(
            HOSTILE,
            " Created from %s, reference 'v1.0', commit %s".formatted(server.url(), commit)),
        GitServer.output("/usr/bin/dpkg-deb", "-f", archive.toString(), "Description"));
    List<String> content = GitServer.output("/usr/bin/dpkg-deb", "-c", archive.toString());
    assertTrue(content.stream().allMatch(line -> line.contains(" root/root ")), content::toString);
    assertTrue(has(content, "-rwxr-xr-x", "./opt/site/run.sh"), content::toString);
    assertTrue(has(content, "-rw-r--r--", "./opt/site/conf.d/with blank/%{nil} [x] *"));
    assertTrue(has(content, "lrwxrwxrwx", "./opt/site/outside -> /etc/shadow"));
    assertTrue(has(content, "lrwxrwxrwx", "./opt/site/above -> ../../../../etc"));
    assertFalse(content.toString().contains("later"));
    List<String> control = GitServer.output("/usr/bin/dpkg-deb", "-I", archive.toString());
    assertFalse(control.toString().contains("postinst"));
    nothingRan();
  }

  @Test
  void rpmHasTheFilesOfTheCommitAndItsTextsStayText() throws Exception {
    Path archive = made(PackageFamily.RPM, source(server.url(), "/opt/site", HOSTILE));
    assertEquals(List.of("site-config-1.0-1.noarch"), query(archive));
    assertEquals(List.of(HOSTILE), query(archive, "--qf", "%{SUMMARY}\n"));
    assertEquals(
        List.of("Created from %s, reference 'v1.0', commit %s".formatted(server.url(), commit)),
        query(archive, "--qf", "%{DESCRIPTION}\n"));
    assertEquals(List.of("Unknown"), query(archive, "--qf", "%{LICENSE}\n"));
    assertEquals(
        List.of(
            "/opt/site",
            "/opt/site/above",
            "/opt/site/conf.d",
            "/opt/site/conf.d/with blank",
            "/opt/site/conf.d/with blank/%{nil} [x] *",
            "/opt/site/index.html",
            "/opt/site/outside",
            "/opt/site/run.sh"),
        query(archive, "--list"));
    assertEquals(
        List.of("root root"),
        query(archive, "--qf", "[%{FILEUSERNAME} %{FILEGROUPNAME}\n]").stream()
            .distinct()
            .toList());
    assertEquals(List.of(), query(archive, "--scripts"));
    nothingRan();
  }

  @Test
  void aPackageForTheRootDirectoryDoesNotOwnIt() throws Exception {
    List<String> files = query(made(PackageFamily.RPM, source(server.url(), "/", "x")), "--list");
    assertTrue(files.contains("/index.html"), files::toString);
    assertFalse(files.contains("/"), files::toString);
  }

  @Test
  void scriptsInARepositoryDoNotBecomeThePackages() throws Exception {
    try (GitServer hostile = new GitServer()) {
      Files.createDirectories(hostile.repository.resolve("DEBIAN"));
      Files.writeString(hostile.repository.resolve("DEBIAN/postinst"), "#!/bin/sh\n");
      GitPackage source = source(hostile.url(), "/", "x", hostile.commit());
      BuildException failure =
          assertThrows(BuildException.class, () -> made(PackageFamily.APT, source));
      assertEquals(FailureCode.CUSTOMIZATION_FAILED, failure.code());
    }
  }

  @Test
  void repositoriesOfTheHostMustLieBelowAListedDirectory() throws Exception {
    GitPackage source = source("file://" + server.repository, "/opt/site", "x");
    BuildException failure =
        assertThrows(BuildException.class, () -> made(PackageFamily.APT, source));
    assertTrue(failure.getMessage().contains("git_directories"), failure.getMessage());
    Path listed = server.directory.toRealPath();
    Path archive =
        new GitPackages(PackageFamily.APT, new GitAccess(List.of(listed), Optional.empty()), this)
            .make(List.of(source), area())
            .get(source);
    assertTrue(Files.size(archive) > 0);
  }

  @Test
  void aCommitThatIsGoneAndARepositoryThatIsGoneAreNamed() {
    GitPackage gone = source(server.url(), "/opt/site", "x", "0123456789".repeat(4));
    BuildException noCommit =
        assertThrows(BuildException.class, () -> made(PackageFamily.APT, gone));
    assertEquals(FailureCode.SOURCE_UNREACHABLE, noCommit.code());
    assertTrue(noCommit.getMessage().contains(gone.commit()), noCommit.getMessage());
    GitPackage nowhere = source("git://127.0.0.1:1/x.git", "/opt/site", "x");
    BuildException noServer =
        assertThrows(BuildException.class, () -> made(PackageFamily.APT, nowhere));
    assertTrue(
        noServer.getMessage().startsWith("Failed to clone git://127.0.0.1:1/x.git"),
        noServer.getMessage());
  }

  @Test
  void tooManyFilesAndBytesAreRefused() throws Exception {
    IOException files = assertThrows(IOException.class, () -> export(1 << 20, 2));
    assertEquals("the repository has more than 2 files", files.getMessage());
    IOException bytes = assertThrows(IOException.class, () -> export(3, 100));
    assertEquals("the files of the repository have more than 3 bytes", bytes.getMessage());
  }

  private static void export(long mostBytes, int mostFiles)
      throws IOException, InterruptedException {
    Path area = area();
    Files.createDirectories(area);
    IsolatedGit.install();
    new CommitFetch(new FetchOrder(server.url(), commit, mostBytes, mostFiles))
        .run(area.resolve("git"), area.resolve("tree"));
  }

  private Path made(PackageFamily family, GitPackage source)
      throws BuildException, IOException, InterruptedException {
    return new GitPackages(family, GitAccess.NONE, this).make(List.of(source), area()).get(source);
  }

  private static Path area() throws IOException {
    return server.directory.resolve("area-" + System.nanoTime());
  }

  private static GitPackage source(String url, String destination, String summary) {
    return source(url, destination, summary, commit);
  }

  private static GitPackage source(
      String url, String destination, String summary, String commitId) {
    return new GitPackage("site-config", "1.0", "1", summary, url, "v1.0", commitId, destination);
  }

  private static List<String> query(Path archive, String... options) throws Exception {
    List<String> argv = new ArrayList<>(List.of("/usr/bin/rpm", "-qp"));
    argv.addAll(List.of(options));
    argv.add(archive.toString());
    return GitServer.output(argv.toArray(String[]::new));
  }

  private static boolean has(List<String> content, String mode, String end) {
    return content.stream().anyMatch(line -> line.startsWith(mode) && line.endsWith(end));
  }

  private void nothingRan() {
    assertFalse(Files.exists(Path.of("/tmp/hostile")));
  }

  @Override
  public void info(String line) {
    lines.add(line);
  }

  @Override
  public void warning(String line) {
    lines.add(line);
  }

  @Override
  public void progress(long done, long total) {}
}
