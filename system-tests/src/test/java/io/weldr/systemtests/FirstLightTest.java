package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A tar composed from Debian's real archive through both installed programs: what is in it, what is
 * not, and that it starts.
 */
@Tag("archive")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstLightTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIB9N+zcqVe4Z7pkXQ4bJQ3n op@x";

  /** Every customization of the tar type; the description has what shells and kickstarts mind. */
  private static final String BLUEPRINT =
      """
      name = "first-light"
      description = "A web server"
      version = "0.0.1"
      [[packages]]
      name = "nginx-light"
      [[packages]]
      name = "openssh-server"
      version = "*"
      [[packages]]
      name = "iputils-ping"
      [customizations]
      hostname = "light01.example.com"
      [[customizations.user]]
      name = "webadmin"
      description = "O'Brien \\"the\\" $(id) `id` %post \\\\ #1"
      password = "correct horse"
      key = "KEY"
      home = "/srv/webadmin"
      shell = "/bin/bash"
      groups = ["adm", "widget"]
      uid = 1200
      gid = 1200
      [[customizations.group]]
      name = "widget"
      gid = 1130
      [[customizations.sshkey]]
      user = "root"
      key = "KEY"
      [customizations.timezone]
      timezone = "Europe/Vienna"
      ntpservers = ["0.pool.ntp.org"]
      [customizations.locale]
      languages = ["de_AT.UTF-8", "en_US.UTF-8"]
      keyboard = "de"
      [customizations.services]
      enabled = ["nginx"]
      disabled = ["ssh"]
      """
          .replace("KEY", KEY);

  private RunningComposer composer;
  private String id;
  private String besideId;
  private JsonNode entry;
  private Path tree;

  @BeforeAll
  void compose() {
    composer = RunningComposer.start("slots = 2");
    Curl.Answer pushed = composer.curl().postToml("/api/v1/blueprints/new", BLUEPRINT);
    assertEquals(200, pushed.status(), pushed.body());
    composer.curl().postToml("/api/v1/blueprints/new", "name = \"beside\"\ndescription = \"\"\n");
    id = composer.curl().compose("first-light", "tar", "");
    besideId = composer.curl().compose("beside", "tar", "");
    entry = composer.awaitEnd(id, Duration.ofMinutes(8));
    assertEquals("FINISHED", entry.path("queue_status").asText(), () -> entry + composer.log(id));
    tree = composer.top().resolve("tree");
    Command.must("mkdir", tree);
    Command.must(
        "tar",
        "-C",
        tree,
        "--xattrs",
        "--xattrs-include=*",
        "--acls",
        "--numeric-owner",
        "-xJf",
        composer.results(id).resolve("root.tar.xz"));
  }

  @AfterAll
  void stop() {
    composer.close();
  }

  @Test
  void twoComposesRunAtOnceInTwoSlots() {
    JsonNode beside = composer.awaitEnd(besideId, Duration.ofMinutes(8));
    assertEquals(
        "FINISHED", beside.path("queue_status").asText(), () -> beside + composer.log(besideId));
    double bothRan =
        Math.min(entry.path("job_finished").asDouble(), beside.path("job_finished").asDouble())
            - Math.max(entry.path("job_started").asDouble(), beside.path("job_started").asDouble());
    assertTrue(bothRan > 0, entry + " " + beside);
  }

  /** Java complains there, for one, when it cannot use the archive of classes. */
  @Test
  void theBuildProcessHasNothingToSayBesideItsLog() throws IOException {
    assertEquals(
        "", Files.readString(composer.lib().resolve("jobs").resolve(id).resolve("process.log")));
  }

  @Test
  void exactlyTheFrozenPackagesAreInstalled() {
    JsonNode info = composer.curl().get("/api/v1/compose/info/" + id).json();
    String frozen =
        StreamSupport.stream(info.at("/deps/packages").spliterator(), false)
            .map(FirstLightTest::debianVersion)
            .collect(Collectors.toCollection(TreeSet::new))
            .toString();
    String installed =
        Command.must(
                "dpkg-query",
                "--admindir=" + tree.resolve("var/lib/dpkg"),
                "-W",
                "-f",
                "${Package} ${Version} ${Architecture} ${db:Status-Status}\n")
            .lines()
            .collect(Collectors.toCollection(TreeSet::new))
            .toString();
    assertEquals(frozen, installed);
    assertTrue(installed.contains("nginx-light "));
  }

  private static String debianVersion(JsonNode dependency) {
    String epoch =
        dependency.get("epoch").asInt() == 0 ? "" : dependency.get("epoch").asInt() + ":";
    String release = dependency.get("release").asText();
    return "%s %s%s%s %s installed"
        .formatted(
            dependency.get("name").asText(),
            epoch,
            dependency.get("version").asText(),
            release.isEmpty() ? "" : "-" + release,
            dependency.get("arch").asText());
  }

  @Test
  void theBlueprintsCustomizationsAreThere() {
    assertAll(
        () -> assertEquals("light01.example.com", text("etc/hostname").strip()),
        () ->
            assertEquals(
                "webadmin:x:1200:1200:O'Brien \"the\" $(id) `id` %post \\ #1:/srv/webadmin:/bin/bash",
                line("etc/passwd", "webadmin:")),
        () -> assertEquals("widget:x:1130:webadmin", line("etc/group", "widget:")),
        () -> assertTrue(line("etc/group", "adm:").endsWith(":webadmin")),
        () -> assertTrue(line("etc/shadow", "webadmin:").startsWith("webadmin:$6$")),
        () -> assertTrue(text("srv/webadmin/.ssh/authorized_keys").contains(KEY)),
        () -> assertEquals("600 1200 1200", stat("srv/webadmin/.ssh/authorized_keys")),
        () -> assertTrue(text("root/.ssh/authorized_keys").contains(KEY)),
        () ->
            assertTrue(
                Files.readSymbolicLink(tree.resolve("etc/localtime"))
                    .endsWith(Path.of("Europe/Vienna"))),
        () -> assertTrue(localeSettings().contains("LANG=de_AT.UTF-8"), localeSettings()),
        () -> assertTrue(inTree("locale", "-a").contains("en_US.utf8")),
        () -> assertTrue(text("etc/default/keyboard").contains("XKBLAYOUT=\"de\"")),
        () -> assertEquals("enabled", inTree("systemctl", "is-enabled", "nginx").strip()),
        () -> assertEquals("disabled", inTree("systemctl", "is-enabled", "ssh").strip()));
  }

  private String localeSettings() {
    Path settings = tree.resolve("etc/locale.conf");
    return Files.exists(settings) ? text("etc/locale.conf") : text("etc/default/locale");
  }

  @Test
  void rootIsLocked() {
    String password = line("etc/shadow", "root:").split(":")[1];
    assertTrue(password.startsWith("!") || password.startsWith("*"), password);
  }

  @Test
  void nothingOfTheHostIsInTheImage() throws IOException {
    String hostName = Command.must("hostname").strip();
    assertAll(
        () -> assertEquals("", text("etc/machine-id")),
        () -> assertFalse(text("etc/hostname").contains(hostName + "\n")),
        () -> assertFalse(text("etc/hosts").contains(" " + hostName + "\n")),
        () ->
            assertEquals(
                "",
                Command.must("sh", "-c", "ls " + tree + "/etc/ssh/ssh_host_* 2>/dev/null || :")),
        () ->
            assertEquals(
                "", Command.must("find", tree.resolve("var/log"), "-type", "f", "-size", "+0")),
        () ->
            assertEquals(
                "", Command.must("find", tree.resolve("var/cache/apt/archives"), "-name", "*.deb")),
        () -> assertFalse(Files.exists(tree.resolve("usr/sbin/policy-rc.d"))),
        () ->
            assertEquals(
                "", Command.run("grep", "-rl", "-i", "proxy", tree.resolve("etc/apt")).output()),
        () ->
            assertEquals(
                "",
                Command.run("find", tree.resolve("tmp"), tree.resolve("run"), "-mindepth", "1")
                    .output()));
    Path resolver = tree.resolve("etc/resolv.conf");
    if (Files.isRegularFile(resolver, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      assertFalse(Files.readString(resolver).contains("nameserver"), "resolv.conf");
    }
    String composerTop = composer.top().toString();
    assertEquals(
        "",
        Command.run("grep", "-rlF", composerTop, tree.resolve("etc"), tree.resolve("var"))
            .output());
  }

  @Test
  void capabilitiesOfFilesAreKept() {
    assertTrue(
        inTree("getcap", "/usr/bin/ping").contains("cap_net_raw")
            || Command.must("getcap", tree.resolve("usr/bin/ping")).contains("cap_net_raw"));
  }

  @Test
  void theImageIsServedWithItsSizeAndName() {
    Curl curl = composer.curl();
    String headers = curl.ask("/api/v1/compose/image/" + id, "-I").body();
    long size = entry.path("image_size").asLong();
    assertTrue(size > 10_000_000, entry.toString());
    assertTrue(
        headers.toLowerCase(java.util.Locale.ROOT).contains("content-length: " + size), headers);
    assertTrue(headers.contains("filename=" + id + "-root.tar.xz"), headers);
    assertEquals(
        List.of("640 0 " + gid()),
        List.of(
            Command.must("stat", "-c", "%a %u %g", composer.results(id).resolve("root.tar.xz"))
                .strip()));
  }

  private static String gid() {
    return Command.must("getent", "group", "weldr").split(":")[2];
  }

  private String text(String path) {
    return Command.must("cat", tree.resolve(path));
  }

  private String line(String path, String prefix) {
    return text(path).lines().filter(line -> line.startsWith(prefix)).findFirst().orElseThrow();
  }

  private String stat(String path) {
    return Command.must("stat", "-c", "%a %u %g", tree.resolve(path)).strip();
  }

  private String inTree(Object... argv) {
    Object[] all = new Object[argv.length + 2];
    all[0] = "chroot";
    all[1] = tree;
    System.arraycopy(argv, 0, all, 2, argv.length);
    return Command.run(all).output();
  }
}
