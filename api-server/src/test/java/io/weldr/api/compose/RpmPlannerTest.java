package io.weldr.api.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.blueprint.BlueprintParser;
import io.weldr.api.depsolve.PackageRequest;
import io.weldr.api.depsolve.SolveRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Composes on a host that works with RPM packages. */
class RpmPlannerTest {
  private static Distribution fedora() throws IOException {
    return Distribution.read(ComposeFixture.SHARE.resolve("distros"), HostRelease.of("fedora-42"));
  }

  @Test
  void theCoreGroupIsAskedForAsAGroup() throws IOException {
    SolveRequest request =
        PackageSelection.of(
            fedora(),
            new OutputType("disk", Optional.empty(), "a", true, Set.of("bios"), Set.of()),
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
  }
}
