package io.weldr.worker.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.worker.build.Jobs;
import io.weldr.worker.image.Checksum;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.JobEvent;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.TestMode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A compose from Debian's own archive, unpacked again and looked at from all sides. */
@Tag("archive")
class ArchiveComposeTest {
  private static final String DESCRIPTION = "O'Neil \"night\" $(touch /owned) `id` \\ ;|&<> %end";
  private static final String KEY = Jobs.KEY + " $(touch /owned) `id` \"'\\";
  private static final String ARGUMENTS = "a=\"b c\" console=ttyS0 $(touch /owned) 'x' \\";

  private static RealCompose compose;
  private static JobEvent last;
  private static Path image;

  @BeforeAll
  static void composeAndUnpack() throws Exception {
    List<SourceSpec> sources = RealCompose.hostSources();
    List<PackageSpec> packages =
        RealCompose.solved(
            sources,
            List.of(
                "nginx-light",
                "openssh-server",
                "iputils-ping",
                "cron",
                "tzdata",
                "locales",
                "systemd-timesyncd",
                "firewalld",
                "netbase",
                "keyboard-configuration",
                "console-setup"));
    compose =
        RealCompose.prepared("full", sources, packages, customizations(), TestMode.NONE, "area");
    last = compose.run();
    assertInstanceOf(JobEvent.Finished.class, last, () -> last + "\n" + logOf(compose));
    image = unpacked("unpacked");
  }

  private static Path unpacked(String name) throws IOException, InterruptedException {
    Path directory = Files.createDirectory(compose.directory().resolve(name));
    int status =
        RealCompose.run(
            "/usr/bin/tar",
            "--extract",
            "--file=" + compose.result("root.tar.xz"),
            "--directory=" + directory,
            "--numeric-owner",
            "--xattrs",
            "--xattrs-include=*",
            "--acls");
    assertEquals(0, status);
    return directory;
  }

  private static Customizations customizations() {
    return new Customizations(
        Optional.of("web01.example.com"),
        Optional.of(ARGUMENTS),
        List.of(new Customizations.SshKey("admin", Jobs.KEY)),
        List.of(
            new Customizations.User(
                "admin",
                Optional.of(DESCRIPTION),
                Optional.of(Jobs.HASH),
                Optional.of(KEY),
                Optional.of("/srv/admin"),
                Optional.of("/bin/bash"),
                List.of("wheel", "adm", "web"),
                OptionalLong.of(1500),
                OptionalLong.of(1501)),
            Jobs.user("plain")),
        List.of(new Customizations.Group("web", OptionalLong.of(2000))),
        Optional.of(
            new Customizations.Timezone(
                Optional.of("Europe/Vienna"), List.of("0.pool.example.org", "192.0.2.1"))),
        Optional.of(
            new Customizations.Locale(
                List.of("de_AT.UTF-8", "C.UTF-8"), Optional.of("de (nodeadkeys)"))),
        Optional.of(
            new Customizations.Firewall(
                List.of("80:tcp", "imap:tcp", "1000-1010:udp"), List.of("ftp"), List.of("ssh"))),
        Optional.of(new Customizations.Services(List.of("nginx", "sshd"), List.of("cron"))));
  }

  @Test
  void theEventTellsNameSizeAndChecksumOfTheImage() throws Exception {
    JobEvent.Finished finished = (JobEvent.Finished) last;
    Path archive = compose.result("root.tar.xz");
    assertEquals("root.tar.xz", finished.imageName());
    assertEquals(Files.size(archive), finished.imageSize());
    assertEquals(Checksum.sha256(archive), finished.sha256());
    assertEquals(
        "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)));
  }

  @Test
  void theStagesComeInOrderAndThePercentNeverFalls() throws Exception {
    List<String> stages =
        compose.events().stream()
            .filter(JobEvent.StageDone.class::isInstance)
            .map(event -> ((JobEvent.StageDone) event).stage())
            .toList();
    assertEquals(List.of("fetch", "install", "configure", "image", "publish"), stages);
    int percent = 0;
    for (JobEvent event : compose.events()) {
      if (event instanceof JobEvent.Percent now) {
        assertTrue(now.percent() > percent && now.percent() <= 100, event.toString());
        percent = now.percent();
      }
    }
  }

  @Test
  void exactlyTheFrozenPackagesAreInstalled() throws Exception {
    TreeSet<String> wanted = new TreeSet<>();
    for (PackageSpec pkg : compose.job().packages()) {
      wanted.add(pkg.name() + " " + pkg.fullVersion() + " " + pkg.architecture() + " installed");
    }
    String listed =
        RealCompose.output(
            "",
            "/usr/bin/dpkg-query",
            "--admindir=" + image.resolve("var/lib/dpkg"),
            "--show",
            "--showformat=${Package} ${Version} ${Architecture} ${db:Status-Status}\\n");
    assertEquals(wanted, new TreeSet<>(listed.lines().toList()));
  }

  @Test
  void namesAndRegionalSettingsAreThoseOfTheBlueprint() throws Exception {
    assertEquals("web01.example.com\n", text("etc/hostname"));
    assertTrue(text("etc/hosts").contains("127.0.1.1\tweb01.example.com web01\n"));
    assertEquals("Europe/Vienna\n", text("etc/timezone"));
    assertEquals(
        Path.of("/usr/share/zoneinfo/Europe/Vienna"),
        Files.readSymbolicLink(image.resolve("etc/localtime")));
    assertEquals("LANG=de_AT.UTF-8\n", text("etc/default/locale"));
    assertTrue(
        RealCompose.output("", "/usr/sbin/chroot", image.toString(), "/usr/bin/locale", "-a")
            .contains("de_AT.utf8"));
    assertTrue(
        text("etc/default/keyboard").contains("XKBLAYOUT=\"de\"\nXKBVARIANT=\"nodeadkeys\""));
    assertTrue(
        text("etc/systemd/timesyncd.conf.d/weldr.conf")
            .contains("NTP=0.pool.example.org 192.0.2.1\n"));
    assertEquals(ARGUMENTS + "\n", text("etc/kernel/cmdline"));
  }

  @Test
  void accountsAreThoseOfTheBlueprintAndRootIsLocked() throws Exception {
    assertTrue(
        text("etc/passwd")
            .contains("admin:x:1500:1501:" + DESCRIPTION + ":/srv/admin:/bin/bash\n"));
    assertTrue(text("etc/shadow").contains("\nadmin:" + Jobs.HASH + ":"));
    assertTrue(text("etc/shadow").contains("\nplain:!:"));
    assertTrue(text("etc/shadow").startsWith("root:!"));
    assertTrue(text("etc/group").contains("\nsudo:x:27:admin\n"));
    assertTrue(text("etc/group").contains("\nadm:x:4:admin\n"));
    assertTrue(text("etc/group").contains("\nweb:x:2000:admin\n"));
    Path keys = image.resolve("srv/admin/.ssh/authorized_keys");
    assertEquals(Jobs.KEY + "\n" + KEY + "\n", Files.readString(keys));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)));
    assertEquals(1500, Files.getAttribute(keys, "unix:uid"));
    assertEquals(1501, Files.getAttribute(keys, "unix:gid"));
  }

  @Test
  void servicesAndFirewallAreSetUp() throws Exception {
    Path wants = image.resolve("etc/systemd/system/multi-user.target.wants");
    for (String unit : List.of("nginx", "ssh", "firewalld", "weldr-ssh-host-keys")) {
      assertTrue(Files.isSymbolicLink(wants.resolve(unit + ".service")), unit);
    }
    assertFalse(Files.exists(wants.resolve("cron.service"), LinkOption.NOFOLLOW_LINKS));
    String zone = text("etc/firewalld/zones/public.xml");
    assertTrue(zone.contains("<port port=\"80\" protocol=\"tcp\"/>"), zone);
    assertTrue(zone.contains("<port port=\"1000-1010\" protocol=\"udp\"/>"), zone);
    assertTrue(zone.contains("<service name=\"ftp\"/>"), zone);
    assertFalse(zone.contains("<service name=\"ssh\"/>"), zone);
  }

  @Test
  void nothingOfTheHostAndNothingOfTheInstallationIsLeft() throws Exception {
    assertEquals(0, Files.size(image.resolve("etc/machine-id")));
    assertFalse(Files.exists(image.resolve("usr/sbin/policy-rc.d")));
    assertFalse(Files.exists(image.resolve("owned"), LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.exists(Path.of("/owned"), LinkOption.NOFOLLOW_LINKS));
    assertEquals(List.of(), names("var/lib/apt/lists"));
    assertEquals(List.of(), names("tmp"));
    assertEquals(List.of(), names("run"));
    assertTrue(names("etc/ssh").stream().noneMatch(name -> name.startsWith("ssh_host_")));
    assertTrue(Files.isSymbolicLink(image.resolve("etc/resolv.conf")));
    try (Stream<Path> logs = Files.walk(image.resolve("var/log"))) {
      assertEquals(
          List.of(),
          logs.filter(ArchiveComposeTest::isFile).filter(ArchiveComposeTest::full).toList());
    }
    String host = InetAddress.getLocalHost().getHostName();
    for (String file : List.of("etc/hosts", "etc/hostname", "etc/resolv.conf")) {
      Path path = image.resolve(file);
      assertFalse(
          Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
              && Files.readString(path).lines().anyMatch(line -> line.endsWith(host)),
          file);
    }
    assertEquals(
        1,
        RealCompose.run(
            "/usr/bin/grep",
            "-rqE",
            "--",
            "Acquire::[a-z]+::Proxy",
            image.resolve("etc/apt").toString()));
  }

  @Test
  void theImageHasTheSourcesOfTheCompose() throws Exception {
    for (SourceSpec source : compose.job().sources()) {
      String stanza = text("etc/apt/sources.list.d/" + source.id() + ".sources");
      assertTrue(stanza.startsWith("Types: deb\nURIs: http"), stanza);
    }
  }

  @Test
  void fileCapabilitiesAreKept() throws Exception {
    String capabilities =
        RealCompose.output("", "/usr/sbin/getcap", image.resolve("usr/bin/ping").toString());
    assertTrue(capabilities.contains("cap_net_raw=ep"), capabilities);
  }

  @Test
  void theLogHasTheFormAndTheFirstAndLastLine() throws Exception {
    List<String> lines = compose.log().lines().toList();
    assertTrue(
        lines.stream()
            .allMatch(
                line ->
                    line.matches(
                        "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}"
                            + " (INFO|WARNING|ERROR): .*")));
    assertTrue(lines.getFirst().contains(" INFO: Starting new compose: "));
    assertTrue(lines.getLast().contains(" INFO: Finished building root.tar.xz, results are in "));
  }

  @Test
  void theSystemStartsAndItsServicesWithIt() throws Exception {
    Path system = unpacked("started");
    List<String> signs =
        List.of("Started ssh.service", "Started nginx.service", "Started firewalld.s", "login:");
    String console = new Nspawn(system, compose.directory().resolve("console.log")).until(signs);
    for (String sign : signs) {
      assertTrue(console.contains(sign), () -> sign + "\n" + console);
    }
    assertFalse(console.contains("FAILED"), console);
    assertTrue(Files.exists(system.resolve("etc/ssh/ssh_host_ed25519_key")));
  }

  private static boolean isFile(Path path) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean full(Path file) {
    try {
      return Files.size(file) > 0;
    } catch (IOException e) {
      return true;
    }
  }

  private static String logOf(RealCompose failed) {
    try {
      return failed.log();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String text(String file) throws IOException {
    return Files.readString(image.resolve(file));
  }

  private static List<String> names(String directory) throws IOException {
    try (Stream<Path> files = Files.list(image.resolve(directory))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
