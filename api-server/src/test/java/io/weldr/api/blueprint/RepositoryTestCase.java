package io.weldr.api.blueprint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A repository in a directory of the test, and the git program to look at it. */
abstract class RepositoryTestCase {
  static final BranchName MASTER = BranchName.MASTER;

  @TempDir Path blueprints;
  BlueprintRepository repository;
  RealGit git;

  @BeforeEach
  void open() throws IOException {
    repository = BlueprintRepository.open(blueprints);
    git = new RealGit(blueprints.resolve("git"));
  }

  @AfterEach
  void close() {
    repository.close();
  }

  void reopen() throws IOException {
    repository.close();
    repository = BlueprintRepository.open(blueprints);
  }

  static Blueprint blueprint(String name, String... lines) {
    return BlueprintParser.fromToml(
        "name = \"" + name + "\"\ndescription = \"d\"\n" + String.join("\n", lines));
  }

  static BlueprintName name(String name) {
    return BlueprintName.of(name);
  }

  String version(String name) {
    return repository.newest(MASTER, name(name)).orElseThrow().blueprint().version().orElseThrow();
  }

  List<String> messages(String name) {
    return repository.changes(MASTER, name(name), 0, 1000).orElseThrow().changes().stream()
        .map(Change::message)
        .toList();
  }

  List<String> revisions(String name) {
    return repository.changes(MASTER, name(name), 0, 1000).orElseThrow().changes().stream()
        .map(c -> c.revision().isPresent() ? String.valueOf(c.revision().getAsInt()) : "-")
        .toList();
  }
}
