package io.weldr.api.blueprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  private static final BranchName MASTER = BranchName.MASTER;
  private static final BlueprintName NAME = BlueprintName.of("a");
  private static final Blueprint BLUEPRINT =
      BlueprintParser.fromToml("name = \"a\"\ndescription = \"x\"\n");

  @TempDir Path blueprints;
  private Workspace workspace;

  @BeforeEach
  void open() throws IOException {
    workspace = Workspace.open(blueprints);
  }

  private Path file() {
    return blueprints.resolve("git/workspace/master/a.toml");
  }

  @Test
  void aCopyIsKeptPerBranchAndNameWithoutAVersionOfItsOwn() throws IOException {
    assertEquals(Optional.empty(), workspace.find(MASTER, NAME));
    workspace.write(MASTER, BLUEPRINT);
    assertEquals(Optional.of(BLUEPRINT), workspace.find(MASTER, NAME));
    assertEquals(Optional.empty(), workspace.find(BranchName.of("other"), NAME));
    assertEquals(BlueprintToml.print(BLUEPRINT), Files.readString(file()));
    open();
    assertEquals(Optional.of(BLUEPRINT), workspace.find(MASTER, NAME));
  }

  @Test
  void aDeletedCopyIsGone() throws IOException {
    assertFalse(workspace.delete(MASTER, NAME));
    workspace.write(MASTER, BLUEPRINT);
    assertTrue(workspace.delete(MASTER, NAME));
    assertFalse(workspace.delete(MASTER, NAME));
    assertFalse(Files.exists(file()));
    open();
    assertEquals(Optional.empty(), workspace.find(MASTER, NAME));
  }

  @Test
  void aCommitReplacesThePostedCopyByOneThatHoldsNothingOfItsOwn() throws IOException {
    workspace.write(MASTER, BLUEPRINT);
    Blueprint saved = BLUEPRINT.withVersion("0.0.1");
    CommittedBlueprint commit = new CommittedBlueprint(saved, "0".repeat(40));
    workspace.committed(MASTER, NAME, () -> Optional.of(commit));
    assertEquals(Optional.empty(), workspace.find(MASTER, NAME));
    assertEquals(saved, BlueprintParser.fromToml(Files.readString(file())));
    open();
    assertEquals(Optional.empty(), workspace.find(MASTER, NAME));
    assertTrue(workspace.delete(MASTER, NAME));
    workspace.committed(MASTER, NAME, () -> Optional.of(commit));
    assertTrue(workspace.delete(MASTER, NAME));
  }

  @Test
  void ofSavesAtOnceTheNewestTextStays() throws Exception {
    Path both = Files.createDirectory(blueprints.resolve("both"));
    try (BlueprintStore store = BlueprintStore.open(both)) {
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 200; i++) {
          clients.submit(() -> store.save(MASTER, BLUEPRINT));
        }
      }
      String newest = store.repository().newest(MASTER, NAME).orElseThrow().commitId();
      String text = Files.readString(both.resolve("git/workspace/master/a.toml"));
      assertTrue(text.contains(newest), text);
    }
  }

  @Test
  void theCopyOfACommitThatIsGoneIsRemoved() {
    workspace.write(MASTER, BLUEPRINT);
    workspace.committed(MASTER, NAME, Optional::empty);
    assertFalse(Files.exists(file()));
    assertFalse(workspace.delete(MASTER, NAME));
  }

  @Test
  void aCopyWhoseFileIsGoneOrDamagedIsNone() throws IOException {
    workspace.write(MASTER, BLUEPRINT);
    Files.writeString(file(), "name = [");
    assertEquals(Optional.empty(), workspace.find(MASTER, NAME));
    Files.delete(file());
    assertEquals(Optional.empty(), workspace.find(MASTER, NAME));
    Files.createSymbolicLink(file(), Path.of("/etc/passwd"));
    assertEquals(Optional.empty(), workspace.find(MASTER, NAME));
  }

  @Test
  void copiesThatCannotBeReadAreIgnored() throws IOException {
    workspace.write(MASTER, BLUEPRINT);
    Files.writeString(file(), "");
    Files.writeString(file().resolveSibling("b.toml"), "name = [");
    Files.writeString(file().resolveSibling(".tmp-1"), "");
    Files.createSymbolicLink(file().resolveSibling("c.toml"), Path.of("/etc/passwd"));
    Files.writeString(blueprints.resolve("git/workspace/x y"), "");
    Files.createDirectories(blueprints.resolve("git/workspace/x z/a.toml"));
    open();
    assertEquals(Optional.empty(), workspace.find(MASTER, NAME));
    assertFalse(Files.exists(file().resolveSibling(".tmp-1")));
    workspace.write(MASTER, BLUEPRINT);
    open();
    assertEquals(Optional.of(BLUEPRINT), workspace.find(MASTER, NAME));
  }
}
