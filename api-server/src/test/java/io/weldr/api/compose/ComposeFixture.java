package io.weldr.api.compose;

import io.weldr.api.blueprint.BlueprintName;
import io.weldr.api.blueprint.BlueprintParser;
import io.weldr.api.blueprint.BranchName;
import io.weldr.api.blueprint.CommittedBlueprint;
import io.weldr.api.blueprint.GitRemotes;
import io.weldr.api.source.ExampleSource;
import io.weldr.api.source.PackageFamily;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A planner over the project's own share files, a fake solver, and blueprints in a map. */
final class ComposeFixture {
  static final Path SHARE = Path.of("../share");
  static final HostRelease HOST = new HostRelease(List.of("debian"), "12", "x86_64");

  final FakeDepsolver depsolver = new FakeDepsolver();
  final Map<String, CommittedBlueprint> blueprints = new HashMap<>();
  final Path directory;
  List<Source> hostSources = List.of(ExampleSource.debian());

  ComposeFixture(Path directory) {
    this.directory = directory;
  }

  /** Commits {@code name}, {@code version} 0.0.1 and this TOML to the map. */
  void blueprint(String name, String toml) {
    String head = "name = \"" + name + "\"\ndescription = \"\"\nversion = \"0.0.1\"\n";
    blueprints.put(
        name, new CommittedBlueprint(BlueprintParser.fromToml(head + toml), "c".repeat(40)));
  }

  ComposePlanner planner() throws IOException {
    return planner(
        OutputTypes.read(SHARE.resolve("composer"), HOST.machine(), Optional::empty, () -> false));
  }

  ComposePlanner planner(OutputTypes types) throws IOException {
    return planner(types, Distribution.read(SHARE.resolve("distros"), HOST));
  }

  ComposePlanner planner(Distribution distribution) throws IOException {
    return planner(
        OutputTypes.read(SHARE.resolve("composer"), HOST.machine(), Optional::empty, () -> false),
        distribution);
  }

  private ComposePlanner planner(OutputTypes types, Distribution distribution) throws IOException {
    return new ComposePlanner(
        (branch, name) -> Optional.ofNullable(blueprints.get(name.value())),
        types,
        distribution,
        SourceStore.open(directory.resolve("sources"), PackageFamily.APT, () -> hostSources),
        depsolver,
        new GitRemotes(List.of(), Optional.empty()));
  }

  static ComposeRequest request(String blueprint, String type) {
    return request(blueprint, type, TestMode.NONE);
  }

  static ComposeRequest request(String blueprint, String type, TestMode test) {
    return new ComposeRequest(BlueprintName.of(blueprint), BranchName.MASTER, type, test, 0, 0);
  }
}
