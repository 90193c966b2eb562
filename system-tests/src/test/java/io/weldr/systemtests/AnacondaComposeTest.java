package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Composes of both installed programs where Anaconda installs. A recorded program stands in for it:
 * it installs with the real dnf what the kickstart it gets names, from where that says.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnacondaComposeTest {
  private static final Path RECORDED = Path.of("../build-worker/src/test/resources/anaconda");
  private static final Duration LONG = Duration.ofMinutes(5);

  /** A disk without the core, whose packages the tiny repository has. */
  private static final String DISK_TEMPLATE =
      """
      bootloader --location=mbr
      timezone UTC
      reqpart
      %packages --nocore
      """;

  private static final String DISK_DESCRIPTOR =
      "kind = \"disk\"\nimage_name = \"disk.img\"\nformat = \"raw\"\nfirmware = [\"bios\"]\n";

  private final Path share = Installation.privateDirectory("weldr-composer-share-");
  private final Path repositories = Installation.privateDirectory("weldr-composer-git-");
  private TinyRpms rpms;
  private RunningComposer composer;

  @BeforeAll
  void prepare() throws IOException {
    rpms = new TinyRpms();
    Command.must("cp", "-a", Installation.shared().share() + "/.", share);
    Files.writeString(share.resolve("composer/small-disk.ks"), DISK_TEMPLATE);
    Files.writeString(share.resolve("composer/small-disk.toml"), DISK_DESCRIPTOR);
    Path repository = Files.createDirectory(repositories.resolve("site.git"));
    git(repository, "init", "--quiet", "--initial-branch=main", ".");
    Files.writeString(repository.resolve("index.html"), "of the tag\n");
    git(repository, "add", ".");
    git(repository, "commit", "--quiet", "-m", "x");
    git(repository, "tag", "v1.0");
  }

  private static void git(Path repository, String... arguments) {
    List<Object> argv = new ArrayList<>(List.of("git", "-c", "user.name=t"));
    argv.addAll(List.of("-c", "user.email=t@example.com", "-C", repository));
    argv.addAll(List.of(arguments));
    Command.must(argv.toArray());
  }

  @AfterAll
  void remove() {
    rpms.close();
    Command.run("rm", "-rf", "--", share, repositories);
  }

  @AfterEach
  void stop() {
    if (composer != null) {
      composer.close();
    }
  }

  /** Both programs, with a stand-in that plays a transcript. */
  private void start(String transcript, boolean signed) throws IOException {
    Path recorded = Files.createDirectories(share.resolve("anaconda-" + transcript));
    Command.must("cp", "-p", RECORDED.resolve("recorded-anaconda"), recorded.resolve("anaconda"));
    Command.must(
        "cp", RECORDED.resolve(transcript + ".transcript"), recorded.resolve("transcript"));
    composer =
        RunningComposer.ofDistribution(
                "fedora-33",
                rpms.source(signed),
                "installer = \"anaconda\"",
                "anaconda = \"" + recorded.resolve("anaconda") + "\"",
                "git_directories = [\"" + repositories + "\"]",
                "xz_level = 0")
            .withShare(share);
    Files.writeString(
        composer.top().resolve("composer.conf"),
        "git_directories = " + repositories + "\n",
        StandardOpenOption.APPEND);
    composer.started();
    push("plain", "");
    push(
        "site",
        """
        [[repos.git]]
        rpmname = "site-config"
        rpmversion = "1.0"
        rpmrelease = "1"
        summary = "of a test"
        repo = "file://%s/site.git"
        ref = "v1.0"
        destination = "/opt/site/"
        """
            .formatted(repositories));
  }

  private void push(String name, String more) {
    String blueprint = "name = \"%s\"\ndescription = \"\"\n%s".formatted(name, more);
    blueprint += "[[packages]]\nname = \"tiny\"\n";
    Curl.Answer answer = composer.curl().postToml("/api/v1/blueprints/new", blueprint);
    assertEquals(200, answer.status(), answer.body());
  }

  private Path finished(String blueprint, String type) {
    String id = composer.curl().compose(blueprint, type, "");
    JsonNode entry = composer.awaitEnd(id, LONG);
    assertEquals("FINISHED", entry.path("queue_status").asText(), () -> entry + composer.log(id));
    return composer.results(id);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPackageOfAGitRepositoryReachesTheImage(boolean signed) throws IOException {
    start("accord", signed);

    Path results = finished("site", "tar");

    Path image = results.resolve("root.tar.xz");
    assertEquals("of the tag\n", Command.must("tar", "-xJOf", image, "./opt/site/index.html"));
    String read = Files.readString(results.resolve("logs/anaconda/kickstart.log"));
    String made = "file:///run/work/repository";
    // What needs no signature Anaconda gets from its source; else all comes from one repository.
    assertEquals(signed, read.contains("url --url=" + made + "\n"), read);
    assertEquals(!signed, read.contains("repo --name=gitrpms --baseurl=" + made + "\n"), read);
    assertEquals(!signed, read.contains("url --url=http://127.0.0.1:"), read);
    assertTrue(read.contains("\nsite-config-1.0-1.noarch\n"), read);
    assertTrue(Files.exists(results.resolve("repo/site-config-1.0-1.noarch.rpm")));
    assertTrue(
        Files.readString(results.resolve("final-kickstart.ks"))
            .contains("\nsite-config-1.0-1.noarch\n"));
  }

  /** All it has is a repository of what was solved; it ends if anything is not in there. */
  @Test
  void whatAnacondaAddsIsAmongWhatWasChecked() throws IOException {
    start("accord", true);

    String tree = Files.readString(finished("plain", "tar").resolve("deps.toml"));
    assertTrue(tree.contains("\"langpacks-en\""), tree);
    assertFalse(tree.contains("\"e2fsprogs\""), tree);

    String disk = Files.readString(finished("plain", "small-disk").resolve("deps.toml"));
    for (String name : List.of("kernel", "langpacks-en", "chrony", "firewalld", "e2fsprogs")) {
      assertTrue(disk.contains('"' + name + '"'), name + disk);
    }
  }

  @ParameterizedTest
  @CsvSource({"endless, tar, true", "stubborn, tar, false", "stubborn-disk, small-disk, false"})
  void oneThatIsCancelledLeavesItsLogsAndNothingElse(String transcript, String type, boolean obeys)
      throws IOException {
    start(transcript, false);
    String id = composer.curl().compose("plain", type, "");
    Path begun = composer.lib().resolve("jobs/" + id + "/work/anaconda/tmp/begun.log");
    composer.await("the stand-in has begun", LONG, () -> Files.exists(begun));

    Curl.Answer answer = composer.curl().delete("/api/v1/compose/cancel/" + id);

    assertEquals(200, answer.status(), answer.body());
    assertTrue(answer.json().path("status").asBoolean(), answer.body());
    JsonNode error = composer.awaitEnd(id, LONG).path("error");
    assertEquals("CANCELLED", error.path("code").asText(), error.toString());
    composer.awaitNothingLeft();
    assertEquals("", Command.run("pgrep", "-a", "-f", share + "/anaconda-" + transcript).output());
    String mounts = Files.readString(Path.of("/proc/self/mounts"));
    assertFalse(mounts.contains("left-by-anaconda"), mounts);
    String kept = logs(id);
    assertTrue(kept.contains("logs/anaconda/begun.log\n"), kept);
    assertEquals(obeys, kept.contains("logs/anaconda/terminated.log\n"), kept);
  }

  /** Names in the archive of logs, as clients get it. */
  private String logs(String id) {
    Path archive = composer.top().resolve("logs.tar");
    String path = "http://localhost/api/v1/compose/logs/" + id;
    Command.must("curl", "-sSf", "--unix-socket", composer.apiSocket(), "-o", archive, path);
    return Command.must("tar", "-tf", archive);
  }
}
