package io.weldr.api.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.BlueprintParser;
import io.weldr.api.depsolve.PackageRequest;
import io.weldr.api.depsolve.SolveRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Composes on a host that works with RPM packages. */
class RpmPlannerTest {
  private static Distribution fedora() throws IOException {
    return Distribution.read(ComposeFixture.SHARE.resolve("distros"), HostRelease.of("fedora-42"));
  }

  private static final OutputType DISK =
      new OutputType("disk", Optional.empty(), "a", true, Set.of("bios"), Set.of());
  private static final OutputType TAR =
      new OutputType("tar", Optional.empty(), "a", false, Set.of(), Set.of());

  @Test
  void theCoreGroupIsAskedForAsAGroup() throws IOException {
    SolveRequest request =
        PackageSelection.of(
            fedora(),
            DISK,
            Installation.DIRECT,
            new TemplatePackages(
                Set.of("firewall", "firewall --enabled", "shutdown"),
                true,
                List.of("kernel"),
                List.of("tools"),
                List.of("plymouth")),
            BlueprintParser.fromToml(
                "name = \"x\"\ndescription = \"\"\n[[groups]]\nname = \"web\"\n"),
            List.of());
    assertEquals(List.of("core", "tools", "web"), request.groups());
    assertTrue(request.avoid().contains("plymouth"));
    assertTrue(request.packages().contains(PackageRequest.any("kernel")));
    assertTrue(request.packages().contains(PackageRequest.any("/usr/bin/passwd")));
    assertTrue(request.packages().contains(PackageRequest.any("firewalld")));
    assertTrue(request.packages().contains(PackageRequest.any("grub2-pc")));
    assertEquals(
        List.of(List.of("glibc-langpack-en", "glibc-all-langpacks")),
        request.oneOf().stream().filter(names -> names.getFirst().contains("lang")).toList());
  }

  @Test
  void whatAnacondaAddsIsSolvedToo() throws IOException {
    SolveRequest disk = byAnaconda(DISK, "", "timezone", "timezone UTC");
    for (String name : List.of("kernel", "chrony", "e2fsprogs", "grub2-tools", "grub2-pc")) {
      assertTrue(disk.oneOf().contains(List.of(name, "")), name + disk.oneOf());
    }
    assertTrue(disk.oneOf().contains(List.of("grub2", "grub2-pc", "")));
    assertTrue(disk.oneOf().contains(List.of("langpacks-en_US", "langpacks-en", "")));
    assertTrue(disk.packages().contains(PackageRequest.any("firewalld")), "the worker's default");

    SolveRequest tar =
        byAnaconda(
            TAR,
            "[customizations.locale]\nlanguages = [\"zh_CN.UTF-8\", \"C\"]\n",
            "firewall",
            "firewall --disabled",
            "lang",
            "lang de_DE.UTF-8",
            "timezone",
            "timezone --nontp");
    assertEquals(
        Set.of("kernel", "langpacks-zh_CN"),
        tar.oneOf().stream()
            .filter(names -> names.getLast().isEmpty())
            .map(List::getFirst)
            .collect(Collectors.toSet()));
    assertFalse(tar.packages().contains(PackageRequest.any("firewalld")));
    assertTrue(
        byAnaconda(TAR, "", "lang", "lang de_DE.UTF-8", "lang fr_FR,nds").oneOf().stream()
            .map(List::getFirst)
            .toList()
            .containsAll(List.of("langpacks-de_DE", "langpacks-fr_FR", "langpacks-nds")));
  }

  @Test
  void serversOfATemplateNeedTheirDaemonWhoeverInstalls() throws IOException {
    for (Installation installation : Installation.values()) {
      SolveRequest request =
          PackageSelection.of(
              fedora(),
              TAR,
              installation,
              TemplatePackages.read(ComposeFixture.SHARE.resolve("composer/google.ks")),
              blueprint(""),
              List.of());
      assertTrue(request.packages().contains(PackageRequest.any("chrony")), installation + "");
    }
  }

  private static SolveRequest byAnaconda(OutputType type, String custom, String... commands)
      throws IOException {
    return PackageSelection.of(
        fedora(),
        type,
        Installation.ANACONDA_CHECKED,
        new TemplatePackages(Set.of(commands), false, List.of(), List.of(), List.of()),
        blueprint(custom),
        List.of());
  }

  private static Blueprint blueprint(String more) {
    return BlueprintParser.fromToml("name = \"x\"\ndescription = \"\"\n" + more);
  }
}
