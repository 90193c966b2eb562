package io.weldr.api.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.depsolve.DepsolveException;
import io.weldr.api.depsolve.DepsolveException.Reason;
import io.weldr.api.depsolve.PackageRequest;
import io.weldr.api.depsolve.SolveRequest;
import io.weldr.api.depsolve.SolvedPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposePlannerTest {
  private static final Refusal UNKNOWN_TYPE =
      new Refusal(
          "BadComposeType",
          "Invalid compose type (snakes), must be one of ['alibaba', 'ami', 'ext4-filesystem',"
              + " 'google', 'hyper-v', 'live-iso', 'liveimg-tar', 'openstack', 'partitioned-disk',"
              + " 'qcow2', 'tar', 'vhd', 'vmdk']");

  @TempDir Path directory;
  private ComposeFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ComposeFixture(directory);
    fixture.blueprint("web", "[[packages]]\nname = \"nginx\"\nversion = \"1.*\"\n");
  }

  private ComposePlan plan(String blueprint) throws Exception {
    return fixture.planner().plan(ComposeFixture.request(blueprint, "tar"));
  }

  private List<Refusal> refused(String blueprint, String type) throws IOException {
    ComposePlanner planner = fixture.planner();
    return assertThrows(
            ComposeRefusedException.class,
            () -> planner.plan(ComposeFixture.request(blueprint, type)))
        .refusals();
  }

  private SolveRequest asked() {
    return fixture.depsolver.asked.orElseThrow();
  }

  @Test
  void templateBaseAndBlueprintAreSolvedTogether() throws Exception {
    plan("web");
    SolveRequest asked = asked();

    assertTrue(asked.essential() && asked.fresh());
    assertTrue(asked.packages().contains(new PackageRequest("nginx", "1.*")));
    assertTrue(asked.packages().contains(PackageRequest.any("systemd-sysv")));
    assertTrue(asked.oneOf().contains(List.of("dbus", "dbus-broker")));
    assertTrue(asked.avoid().contains("usrmerge"));
    // The template of type tar names packages Debian has no counterpart of, and says --nocore.
    List<String> names = asked.packages().stream().map(PackageRequest::name).toList();
    assertFalse(
        names.contains("selinux-policy-targeted") || names.contains("vim-tiny"), "" + names);
  }

  @Test
  void whatABlueprintUsesBringsThePackagesItNeeds() throws Exception {
    fixture.blueprint(
        "rich",
        """
        [[groups]]
        name = "ssh-server"
        [customizations.timezone]
        timezone = "Europe/Vienna"
        ntpservers = ["ntp.example.org"]
        [customizations.locale]
        languages = ["de_AT.UTF-8"]
        keyboard = "de"
        [customizations.firewall]
        ports = ["80:tcp"]
        """);
    plan("rich");
    List<String> names = asked().packages().stream().map(PackageRequest::name).toList();

    assertTrue(
        names.containsAll(List.of("tzdata", "locales", "keyboard-configuration", "firewalld")),
        names.toString());
    assertEquals(List.of("ssh-server"), asked().groups());
  }

  @Test
  void whatEverySystemHasNeedsNoPackages() throws Exception {
    fixture.blueprint(
        "plain",
        """
        [customizations.timezone]
        timezone = "UTC"
        [customizations.locale]
        languages = ["C.UTF-8"]
        """);
    plan("plain");
    List<String> names = asked().packages().stream().map(PackageRequest::name).toList();
    assertFalse(names.contains("tzdata") || names.contains("locales"), names.toString());
  }

  @Test
  void aPlanIsComplete() throws Exception {
    ComposePlan plan = plan("web");

    assertEquals("tar", plan.type().name());
    assertEquals("c".repeat(40), plan.blueprint().commitId());
    assertEquals(fixture.hostSources, plan.sources());
    assertEquals("1.0-1.all", plan.frozen().packages().getFirst().version());
    assertEquals("1.*", plan.blueprint().blueprint().packages().getFirst().version());
  }

  @Test
  void anUnknownTypeListsThoseThereAre() throws IOException {
    assertEquals(List.of(UNKNOWN_TYPE), refused("web", "snakes"));
  }

  @Test
  void everyReasonIsTold() throws IOException {
    fixture.hostSources = List.of();
    assertEquals(
        List.of(
            UNKNOWN_TYPE,
            new Refusal("UnknownBlueprint", "Unknown blueprint name: nope"),
            new Refusal("BuildFailed", "No enabled repos, canceling build.")),
        refused("nope", "snakes"));
    assertEquals(Optional.empty(), fixture.depsolver.asked);
  }

  @Test
  void aTypeThatIsDisabledOnThisMachineIsRefused() throws Exception {
    Path composer = Files.createDirectory(directory.resolve("composer"));
    Files.writeString(composer.resolve("odd.ks"), "%packages\n");
    Files.writeString(
        composer.resolve("odd.toml"),
        "kind = \"tar\"\nimage_name = \"x.img\"\ncompression = \"xz\"\n"
            + "disabled_on = [\"x86_64\"]\n");
    ComposePlanner planner =
        fixture.planner(OutputTypes.read(composer, "x86_64", Optional::empty, () -> false));
    ComposeRefusedException e =
        assertThrows(
            ComposeRefusedException.class,
            () -> planner.plan(ComposeFixture.request("web", "odd")));
    assertEquals(
        List.of(new Refusal("BuildFailed", "Compose type 'odd' is disabled on this architecture")),
        e.refusals());
  }

  @Test
  void sectionsNobodyCarriesOutAreNamed() throws IOException {
    fixture.blueprint(
        "odd",
        "[[customizations.filesystem]]\nmountpoint = \"/var\"\nsize = 1\n[customizations.iso]\n");
    assertEquals(
        List.of(
            new Refusal(
                "BuildFailed",
                "Blueprint odd uses customizations.filesystem, which an image of type tar cannot"
                    + " have; remove it or choose another type"),
            new Refusal(
                "BuildFailed",
                "Blueprint odd uses customizations.iso, which this server cannot carry out;"
                    + " remove it to compose here")),
        refused("odd", "tar"));
  }

  @Test
  void aSizeThatCannotBeHadIsWarnedOf() throws Exception {
    ComposeRequest tar =
        new ComposeRequest(
            BlueprintName.of("web"), BranchName.MASTER, "tar", TestMode.NONE, 5_000_000, 0);
    assertEquals(
        List.of("size is ignored: an image of type tar is as large as its content"),
        fixture.planner().plan(tar).warnings());
    OutputType disk =
        new OutputType("disk", Optional.empty(), "x.img", true, Set.of("bios"), Set.of());
    fixture.depsolver.installedSize = 1_000_000;
    List<SolvedPackage> packages = fixture.planner().plan(tar).packages();
    assertTrue(
        ComposePlanner.warnings(8, disk, packages)
            .getFirst()
            .startsWith("size is raised from 8 bytes"));
    assertEquals(List.of(), ComposePlanner.warnings(1L << 40, disk, packages));
    assertEquals(List.of(), ComposePlanner.warnings(0, disk, packages));
  }

  @Test
  void aBlueprintForAnotherDistributionIsRefused() throws Exception {
    fixture.blueprint("fedora", "distro = \"fedora-41\"\n");
    assertTrue(refused("fedora", "tar").getFirst().message().contains("debian-12"));
    fixture.blueprint("debian", "distro = \"debian-12\"\n");
    assertEquals("debian", plan("debian").blueprint().blueprint().name());
  }

  @Test
  void whatTheSolverSaysIsPassedOn() throws IOException {
    fixture.depsolver.failure =
        Optional.of(new DepsolveException(Reason.UNSOLVABLE, "nginx-1.* (No match)"));
    assertEquals(
        List.of(new Refusal("BuildFailed", "Problem depsolving web: nginx-1.* (No match)")),
        refused("web", "tar"));
    fixture.depsolver.failure =
        Optional.of(
            new DepsolveException(Reason.UNKNOWN_GROUP, "Group id 'nogroup' does not exist."));
    assertEquals(
        List.of(new Refusal("BuildFailed", "Group id 'nogroup' does not exist.")),
        refused("web", "tar"));
  }

  @Test
  void aConflictIsToldWithWhatTheBlueprintAsksFor() throws Exception {
    fixture.blueprint(
        "both",
        """
        packages = [{name = "b", version = "2.*"}, {name = "B"}]
        modules = [{name = "a", version = ""}]
        """);
    fixture.depsolver.failure =
        Optional.of(new DepsolveException(Reason.CONFLICT, "a conflicts with b"));
    assertEquals(
        "Problem depsolving both: There was a problem depsolving"
            + " [('a', '*'), ('b', '2.*'), ('B', '*')]: a conflicts with b",
        refused("both", "tar").getFirst().message());
  }

  @Test
  void aFrozenBlueprintKeepsGroupsAndExpandsGlobs() throws Exception {
    fixture.blueprint(
        "globs",
        """
        packages = [{name = "ngin*", version = "*"}]
        modules = [{name = "tool", version = "1.*"}]
        groups = [{name = "ssh-server"}]
        """);
    ComposePlan plan = plan("globs");
    assertEquals("nginx", plan.frozen().packages().getFirst().name());
    assertEquals("1.0-1.all", plan.frozen().modules().getFirst().version());
    assertEquals("ssh-server", plan.frozen().groups().getFirst().name());
  }
}
