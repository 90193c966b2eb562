package io.weldr.api.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.BlueprintParser;
import io.weldr.api.blueprint.BlueprintToml;
import io.weldr.api.blueprint.CommittedBlueprint;
import io.weldr.api.blueprint.GitRemotes;
import io.weldr.api.blueprint.PackageEntry;
import io.weldr.api.depsolve.Adapter;
import io.weldr.api.depsolve.AdapterDepsolver;
import io.weldr.api.depsolve.TinyArchive;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.SourceStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Composes of frozen blueprints, planned with apt on a small archive. */
class FrozenComposeTest {
  @TempDir Path directory;

  @Test
  void aFrozenBlueprintComposesToTheSamePackages() throws Exception {
    Map<String, CommittedBlueprint> blueprints = new HashMap<>();
    try (TinyArchive archive = new TinyArchive(directory);
        AdapterDepsolver depsolver = depsolver()) {
      ComposePlanner planner =
          new ComposePlanner(
              (branch, name) -> Optional.ofNullable(blueprints.get(name.value())),
              types(),
              distribution(),
              SourceStore.open(
                  directory.resolve("sources"), PackageFamily.APT, () -> List.of(archive.source())),
              depsolver,
              new GitRemotes(List.of(), Optional.empty()));
      Blueprint posted =
          BlueprintParser.fromToml(
              """
              name = "a"
              description = "globs, a version, a group, modules"
              version = "1.0.0"
              packages = [{name = "tool", version = "1.*"}, {name = "mail*"}]
              modules = [{name = "libt?ny"}]
              groups = [{name = "server"}]
              """);
      blueprints.put("a", new CommittedBlueprint(posted, "a".repeat(40)));
      ComposePlan plan = planner.plan(ComposeFixture.request("a", "tar"));
      assertTrue(plan.frozen().packages().contains(new PackageEntry("tool", "1.1-1.all")));
      assertEquals(posted.groups(), plan.frozen().groups());

      Blueprint pushed = BlueprintParser.fromToml(BlueprintToml.print(plan.frozen()));
      blueprints.put("a", new CommittedBlueprint(pushed, "b".repeat(40)));
      ComposePlan again = planner.plan(ComposeFixture.request("a", "tar"));
      assertEquals(plan.packages(), again.packages());
      assertEquals(plan.frozen(), again.frozen());
    }
  }

  private AdapterDepsolver depsolver() throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    Path script = Path.of("../share/depsolve/apt.py").toAbsolutePath();
    return new AdapterDepsolver(Adapter.of(script, cache), Duration.ofMinutes(10));
  }

  private OutputTypes types() throws Exception {
    Path types = Files.createDirectory(directory.resolve("composer"));
    Files.writeString(types.resolve("tar.ks"), "%packages --nocore\ntool-extra\n");
    Files.writeString(
        types.resolve("tar.toml"),
        "kind = 'tar'\nimage_name = 'root.tar.xz'\ncompression = 'xz'\n");
    return OutputTypes.read(types, "x86_64", Optional::empty, () -> false);
  }

  /** Of the archive's own packages. */
  private Distribution distribution() throws Exception {
    Path distributions = Files.createDirectory(directory.resolve("distros"));
    Files.writeString(
        distributions.resolve("debian.toml"),
        """
        ids = ["debian"]
        family = "apt"
        [architectures]
        x86_64 = "amd64"
        [base]
        essential = true
        nocore = ["first"]
        """);
    return Distribution.read(distributions, ComposeFixture.HOST);
  }
}
