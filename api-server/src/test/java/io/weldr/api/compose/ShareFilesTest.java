package io.weldr.api.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.depsolve.RpmRelease;
import io.weldr.api.source.PackageFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the planner reads of {@code share/}: the project's own files, and ones with mistakes. */
class ShareFilesTest {
  @TempDir Path directory;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void thePackagesOfATemplateAreThoseOfItsLastSection() throws IOException {
    Path template =
        write(
            "a.ks",
            """
            lang en_US.UTF-8
            firewall --enabled --service=ssh
            %pre
            %include /tmp/not-ours
            firewall --disabled
            %end # of pre
            %post
            echo not-a-package
            %end
            %packages --nocore --inst-langs=en
            # comment
            kernel

              grub2   # for BIOS
            @core-tools
            @^minimal
            -plymouth
            # packages follow
            """);
    assertEquals(
        new TemplatePackages(
            Set.of(
                "lang",
                "lang en_US.UTF-8",
                "firewall",
                "firewall --enabled",
                "firewall --service",
                "firewall ssh"),
            false,
            List.of("kernel", "grub2"),
            List.of("core-tools", "minimal"),
            List.of("plymouth")),
        TemplatePackages.read(template));
    assertTrue(TemplatePackages.read(write("b.ks", "%packages\nbash\n")).core());
  }

  @Test
  void filesBesideATemplateCanBeIncluded() throws IOException {
    write("common.inc", "services --enabled=a\n%post\n%include nothing\n%end\n");
    write("more.inc", "vim\n");
    Path template = write("a.ks", "%include common.inc\n%packages\nbash\n%include more.inc\n");
    TemplatePackages read = TemplatePackages.read(template);

    assertEquals(List.of("bash", "vim"), read.names());
    assertTrue(read.commands().contains("services"));
    for (String name : List.of("../a.ks", "/etc/passwd", "missing", "a.ks")) {
      Path bad = write("a.ks", "%include " + name + "\n%packages\nbash\n");
      assertThrows(IOException.class, () -> TemplatePackages.read(bad), name);
    }
  }

  @Test
  void templatesThatGoOnAreRefused() throws IOException {
    for (String text : List.of("%packages\n-@core\n", "%packages\nbash\n%end\n", "lang C\n", "")) {
      Path template = write("bad.ks", text);
      assertThrows(IOException.class, () -> TemplatePackages.read(template), text);
    }
  }

  @Test
  void theFileOfThisDistributionIsFound() throws IOException {
    Distribution debian =
        Distribution.read(ComposeFixture.SHARE.resolve("distros"), ComposeFixture.HOST);
    assertEquals("amd64", debian.architecture());
    assertEquals("debian-12", debian.distro());
    assertEquals(
        List.of("linux-image-amd64 | linux-image-cloud-amd64 | linux-image-rt-amd64"),
        debian.translated("kernel"));
    assertEquals(List.of("nginx"), debian.translated("nginx"));
    assertEquals(List.of(), debian.translated("selinux-policy-targeted"));

    HostRelease relative = new HostRelease(List.of("tails", "debian"), "6", "aarch64");
    assertEquals(
        "arm64",
        Distribution.read(ComposeFixture.SHARE.resolve("distros"), relative).architecture());
  }

  @Test
  void rpmDistributionsKnowTheirRelease() throws IOException {
    Path distros = ComposeFixture.SHARE.resolve("distros");
    Distribution fedora = Distribution.read(distros, HostRelease.of("fedora-42"));
    assertEquals(PackageFamily.RPM, fedora.family());
    assertEquals(Optional.of(new RpmRelease("42", "platform:f42")), fedora.release());
    Distribution rocky =
        Distribution.read(
            distros, new HostRelease(List.of("rocky", "rhel", "centos"), "9.4", "x86_64"));
    assertEquals(Optional.of(new RpmRelease("9", "platform:el9")), rocky.release());
    assertEquals("rocky-9.4", rocky.distro());
    for (String name : List.of("rhel-8.10", "centos-10", "almalinux-9.4", "ol-8.9")) {
      assertEquals(name, Distribution.read(distros, HostRelease.of(name)).distro());
    }
  }

  @Test
  void aHostNoFileIsForIsRefused() {
    HostRelease other = new HostRelease(List.of("plan9"), "4", "x86_64");
    Path distros = ComposeFixture.SHARE.resolve("distros");
    IOException e = assertThrows(IOException.class, () -> Distribution.read(distros, other));
    assertTrue(e.getMessage().contains("plan9"), e.getMessage());
    HostRelease odd = new HostRelease(List.of("debian"), "12", "vax");
    assertTrue(
        assertThrows(IOException.class, () -> Distribution.read(distros, odd))
            .getMessage()
            .contains("architectures.vax"));
  }

  @Test
  void osReleaseIsReadWithItsQuotes() throws IOException {
    Path file =
        write(
            "os-release",
            "NAME=\"X Y\"\nID=ubuntu\nID_LIKE='debian mint'\nVERSION_ID=\"24.04\"\n#x\n");
    HostRelease host = HostRelease.read(file);
    assertEquals(List.of("ubuntu", "debian", "mint"), host.ids());
    assertEquals("ubuntu-24.04", host.distro());
    assertEquals("linux", HostRelease.read(write("empty", "")).distro());
  }
}
