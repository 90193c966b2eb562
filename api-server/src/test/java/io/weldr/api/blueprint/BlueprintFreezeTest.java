package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlueprintFreezeTest {
  private static final List<PackageEntry> SOLUTION =
      List.of(
          new PackageEntry("bash", "5.2.15-2.amd64"),
          new PackageEntry("libc6", "2.36-9.amd64"),
          new PackageEntry("libc6", "2.36-9.i386"),
          new PackageEntry("php-cli", "2:8.2-1.all"),
          new PackageEntry("php-fpm", "2:8.2-1.all"));

  private static final Blueprint BLUEPRINT =
      BlueprintParser.fromToml(
          """
          name = "a"
          description = ""
          version = "1.2.3"
          modules = [{name="bash"}, {name="libc6", version="2.*"}]
          packages = [{name="php-*"}, {name="bash"}, {name="mail-transport-agent"}]
          groups = [{name="core"}]
          [customizations]
          hostname = "h"
          """);

  @Test
  void namesGetTheirVersionsGlobsTheirPackagesAndProvidesStay() {
    Blueprint frozen = BlueprintFreeze.freeze(BLUEPRINT, SOLUTION);
    assertEquals(
        List.of(
            new PackageEntry("bash", "5.2.15-2.amd64"),
            new PackageEntry("mail-transport-agent", "*"),
            new PackageEntry("php-cli", "2:8.2-1.all"),
            new PackageEntry("php-fpm", "2:8.2-1.all")),
        frozen.packages());
    assertEquals(
        List.of(
            new PackageEntry("libc6", "2.36-9.amd64"), new PackageEntry("libc6", "2.36-9.i386")),
        frozen.modules());
    assertEquals(BLUEPRINT.groups(), frozen.groups());
    assertEquals(BLUEPRINT.customizations(), frozen.customizations());
    assertEquals(BLUEPRINT.version(), frozen.version());
  }

  @Test
  void aFrozenBlueprintIsValidAndFreezesToItself() {
    Blueprint frozen = BlueprintFreeze.freeze(BLUEPRINT, SOLUTION);
    assertEquals(frozen, BlueprintParser.fromToml(BlueprintToml.print(frozen)));
    assertEquals(frozen.packages(), BlueprintFreeze.freeze(frozen, SOLUTION).packages());
  }

  @ParameterizedTest
  @CsvSource({
    "bash,bash,true",
    "bash,bash2,false",
    "*,anything,true",
    "php-*,php-cli,true",
    "php-*,php,false",
    "lib?6,libc6,true",
    "lib?6,libcc6,false",
    "lib[a-c]6,libc6,true",
    "lib[!a-c]6,libc6,false",
    "lib[!a-c]6,libd6,true",
    "a[]]b,a]b,true",
    "a[b,a[b,true",
    "a[^b]c,a^c,true",
    "g++,g++,true",
    "a.b,axb,false",
    "[a&&b],&,true"
  })
  void globsAreThoseOfTheShell(String glob, String name, boolean matches) {
    assertEquals(matches, BlueprintFreeze.glob(glob).test(name));
  }
}
