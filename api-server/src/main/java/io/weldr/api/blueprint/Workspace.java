package io.weldr.api.blueprint;

import io.weldr.api.store.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Temporary copies of blueprints, one per branch and name, outside of git's knowledge: {@code
 * git/workspace/BRANCH/NAME.toml}. Safe for use by many threads of one process.
 *
 * <p>Saving a blueprint leaves a copy too. It begins with a comment that names the commit, so that
 * it is known to hold nothing of its own and need not survive a power cut.
 */
public final class Workspace {
  private static final Logger LOG = System.getLogger(Workspace.class.getName());
  private static final String COMMITTED = "# as committed in ";

  private final Path directory;
  private final Map<Key, Copy> copies = new ConcurrentHashMap<>();

  private record Key(BranchName branch, BlueprintName name) {}

  /** A blueprint somebody posted, or nothing when the copy is what was committed. */
  private record Copy(Optional<Blueprint> edited) {}

  private Workspace(Path directory) {
    this.directory = directory;
  }

  /**
   * Reads the copies. Those that cannot be read are logged and left out.
   *
   * @param blueprints the BLUEPRINTS directory, with the repository in it
   */
  public static Workspace open(Path blueprints) throws IOException {
    Workspace workspace = new Workspace(blueprints.resolve("git").resolve("workspace"));
    DurableFiles.createDirectories(workspace.directory);
    for (Path branch : entries(workspace.directory)) {
      if (Files.isDirectory(branch, LinkOption.NOFOLLOW_LINKS)) {
        for (Path file : entries(branch)) {
          workspace.load(branch, file);
        }
      }
    }
    return workspace;
  }

  /** The copy somebody posted; empty also when the copy is only what was committed. */
  public Optional<Blueprint> find(BranchName branch, BlueprintName name) {
    return Optional.ofNullable(copies.get(new Key(branch, name))).flatMap(Copy::edited);
  }

  /**
   * Keeps a copy; it survives a power cut.
   *
   * @throws InvalidNameException when the name in the blueprint is not allowed
   */
  public void write(BranchName branch, Blueprint blueprint) {
    Key key = new Key(branch, BlueprintName.of(blueprint.name()));
    byte[] content = BlueprintRepository.content(blueprint);
    copies.compute(
        key,
        (k, old) -> {
          writeDurably(k, content);
          return new Copy(Optional.of(blueprint));
        });
  }

  /** Makes the copy that of a commit, after the commit was made. */
  public void committed(BranchName branch, CommittedBlueprint committed) {
    Key key = new Key(branch, BlueprintName.of(committed.blueprint().name()));
    String text =
        COMMITTED + committed.commitId() + "\n" + BlueprintToml.print(committed.blueprint());
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    copies.compute(
        key,
        (k, old) -> {
          if (old != null && old.edited().isPresent()) {
            // The posted copy must not come back after a power cut.
            writeDurably(k, content);
          } else {
            writePlainly(k, content);
          }
          return new Copy(Optional.empty());
        });
  }

  /** Removes a copy; returns whether there was one. */
  public boolean delete(BranchName branch, BlueprintName name) {
    Key key = new Key(branch, name);
    boolean[] existed = {false};
    copies.compute(
        key,
        (k, old) -> {
          try {
            existed[0] = DurableFiles.delete(file(k)) || old != null;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return null;
        });
    return existed[0];
  }

  private void writeDurably(Key key, byte[] content) {
    try {
      DurableFiles.createDirectories(file(key).getParent());
      DurableFiles.write(file(key), content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the workspace copy of " + key.name(), e);
    }
  }

  private void writePlainly(Key key, byte[] content) {
    Path file = file(key);
    try {
      Files.createDirectories(file.getParent());
      Path temporary = Files.createTempFile(file.getParent(), ".tmp-", "");
      Files.write(temporary, content);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the workspace copy of " + key.name(), e);
    }
  }

  /** Both names have only characters that are safe in a path, and neither is {@code ..}. */
  private Path file(Key key) {
    return directory.resolve(key.branch().value()).resolve(key.name().fileName());
  }

  private void load(Path branch, Path file) throws IOException {
    if (DurableFiles.isTemporary(file)) {
      Files.deleteIfExists(file);
      return;
    }
    try {
      String name = String.valueOf(file.getFileName());
      Key key =
          new Key(
              BranchName.of(String.valueOf(branch.getFileName())),
              BlueprintName.of(name.substring(0, Math.max(0, name.length() - ".toml".length()))));
      byte[] content =
          Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                  && Files.size(file) <= Document.MAX_SIZE
              ? Files.readAllBytes(file)
              : new byte[0];
      boolean committed = new String(content, StandardCharsets.UTF_8).startsWith(COMMITTED);
      copies.put(
          key,
          new Copy(
              committed ? Optional.empty() : Optional.of(BlueprintParser.fromStored(content))));
    } catch (BlueprintException e) {
      LOG.log(Level.WARNING, "ignoring a workspace copy that cannot be read: {0}", e.getMessage());
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    }
    return entries;
  }
}
