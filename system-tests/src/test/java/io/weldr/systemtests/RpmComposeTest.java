package io.weldr.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A tar composed from signed RPM packages through both installed programs, and what is in it. */
@Tag("archive")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RpmComposeTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIB9N+zcqVe4Z7pkXQ4bJQ3n op@x";

  private static final String BLUEPRINT =
      """
      name = "rpm"
      description = ""
      distro = "fedora-42"
      [[packages]]
      name = "nginx-light"
      [[packages]]
      name = "openssh-server"
      [[packages]]
      name = "chrony"
      [[packages]]
      name = "kernel"
      [[groups]]
      name = "core"
      [customizations]
      hostname = "rpm01.example.com"
      [[customizations.user]]
      name = "webadmin"
      description = "O'Brien \\"the\\" $(id) `id` %post \\\\ #1"
      password = "correct horse"
      key = "KEY"
      groups = ["adm", "widget"]
      uid = 1200
      [[customizations.group]]
      name = "widget"
      gid = 1130
      [customizations.timezone]
      timezone = "Europe/Vienna"
      ntpservers = ["ntp.example.com"]
      [customizations.services]
      enabled = ["nginx"]
      disabled = ["cron"]
      """
          .replace("KEY", KEY);

  private RpmDistribution distribution;
  private RunningComposer composer;
  private String id;
  private Path tree;

  @BeforeAll
  void compose() {
    distribution = RpmDistribution.start();
    composer = RunningComposer.forDistribution("fedora-42", distribution.source(), "xz_level = 0");
    Curl.Answer pushed = composer.curl().postToml("/api/v1/blueprints/new", BLUEPRINT);
    assertEquals(200, pushed.status(), pushed.body());
    id = composer.curl().compose("rpm", "tar", "");
    JsonNode entry = composer.awaitEnd(id, Duration.ofMinutes(20));
    assertEquals("FINISHED", entry.path("queue_status").asText(), () -> entry + composer.log(id));
    tree = composer.top().resolve("tree");
    Command.must("mkdir", tree);
    String archive = composer.results(id).resolve("root.tar.xz").toString();
    Command.must(
        "tar", "-C", tree, "--xattrs", "--xattrs-include=*", "--numeric-owner", "-xJf", archive);
  }

  @AfterAll
  void stop() {
    if (composer != null) {
      composer.close();
    }
    distribution.close();
  }

  private String read(String file) throws IOException {
    return Files.readString(tree.resolve(file));
  }

  @Test
  void everyFileIsAsItsPackageHasItButForWhatTheBlueprintChanges() {
    String different =
        Command.run("rpm", "--root", tree, "--dbpath", "/usr/lib/sysimage/rpm", "-Va", "--nomtime")
            .output();
    List<String> unexpected =
        different
            .lines()
            .filter(line -> !line.matches(".{9}  c /etc/.*"))
            // What systemd makes at every start.
            .filter(line -> !line.matches("missing .* /(run|var/run|var/lock)(/.*)?"))
            // What a file of polkit tells systemd-tmpfiles to set.
            .filter(line -> !line.matches(".{13}/(etc|var/lib)/polkit-1(/rules\\.d)?"))
            .toList();
    assertEquals(List.of(), unexpected, different);
  }

  @Test
  void exactlyTheFrozenPackagesAreInstalled() throws IOException {
    Set<String> installed =
        new TreeSet<>(
            Command.must(
                    "rpm",
                    "--root",
                    tree,
                    "--dbpath",
                    "/usr/lib/sysimage/rpm",
                    "-qa",
                    "--qf",
                    "%{NAME} %{VERSION}-%{RELEASE}\\n")
                .lines()
                .toList());
    Set<String> frozen = new TreeSet<>();
    String document = Files.readString(composer.results(id).resolve("deps.toml"));
    String name = "";
    String version = "";
    for (String line : document.lines().toList()) {
      name = line.startsWith("name = ") ? line.replaceAll("^.*\"(.*)\"$", "$1") : name;
      version = line.startsWith("version = ") ? line.replaceAll("^.*\"(.*)\"$", "$1") : version;
      if (line.startsWith("release = ")) {
        frozen.add(name + " " + version + "-" + line.replaceAll("^.*\"(.*)\"$", "$1"));
      }
    }
    assertTrue(frozen.size() > 100, document);
    assertTrue(installed.containsAll(frozen) && frozen.containsAll(installed), frozen + "");
  }

  @Test
  void customizationsAreCarriedOut() throws IOException {
    assertEquals("rpm01.example.com\n", read("etc/hostname"));
    assertTrue(read("etc/passwd").contains("webadmin:x:1200:1200:O'Brien \"the\" $(id) `id`"));
    assertTrue(read("etc/group").contains("widget:x:1130:webadmin"));
    assertTrue(read("etc/shadow").lines().anyMatch(line -> line.startsWith("root:!")));
    assertEquals(KEY + "\n", read("home/webadmin/.ssh/authorized_keys"));
    assertEquals("LANG=en_US.UTF-8\n", read("etc/locale.conf"));
    assertEquals("KEYMAP=\"us\"\n", read("etc/vconsole.conf"));
    assertEquals(
        "/usr/share/zoneinfo/Europe/Vienna",
        Files.readSymbolicLink(tree.resolve("etc/localtime")).toString());
    String chrony = read("etc/chrony.conf");
    assertTrue(chrony.endsWith("\nserver ntp.example.com iburst\n"), chrony);
    assertFalse(chrony.contains("pool "), chrony);
    String enabled = Command.must("ls", tree.resolve("etc/systemd/system/multi-user.target.wants"));
    assertTrue(enabled.contains("nginx.service"), enabled);
    assertFalse(enabled.contains("cron.service"), enabled);
    assertFalse(Files.exists(tree.resolve("etc/timezone")), "a file of Debian's");
  }

  @Test
  void theImageHasItsSourceAndKeyAndNothingOfThisMachine() throws IOException {
    String repository = read("etc/yum.repos.d/fedora.repo");
    assertTrue(repository.contains("baseurl=" + distribution.url() + "\n"), repository);
    assertTrue(repository.contains("gpgcheck=1\n"), repository);
    assertEquals(distribution.key().strip(), read("etc/pki/rpm-gpg/RPM-GPG-KEY-fedora-1").strip());
    assertEquals("", read("etc/machine-id"));
    assertEquals("", Command.must("find", tree.resolve("etc/ssh"), "-name", "ssh_host_*"));
    assertEquals(
        "", Command.must("find", tree.resolve("tmp"), tree.resolve("run"), "-mindepth", "1"));
  }

  @Test
  void theChecksumBesideTheImageIsTheImages() {
    String checked =
        Command.must(
            "sh", "-c", "cd \"$1\" && sha256sum --check *.sha256", "sh", composer.results(id));
    assertEquals("root.tar.xz: OK\n", checked);
  }

  @Test
  void everyKernelHasAnInitialRamFileSystem() {
    String kernel = Command.must("ls", tree.resolve("usr/lib/modules")).strip();
    assertTrue(Files.exists(tree.resolve("boot/initramfs-" + kernel + ".img")), kernel);
  }

  @Test
  void selinuxHasItsModeAndEveryFileItsLabel() throws IOException {
    assertTrue(read("etc/selinux/config").contains("SELINUX=enforcing\n"));
    String label =
        Command.must(
            "getfattr",
            "--absolute-names",
            "-h",
            "--only-values",
            "-n",
            "security.selinux",
            tree.resolve("etc/shadow"));
    assertTrue(label.startsWith("system_u:object_r:shadow_t"), label);
  }
}
