package io.weldr.api.blueprint;

import io.weldr.api.store.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

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
  private static final Set<OpenOption> INTO =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private final Path directory;

  /** What there is; the blueprints themselves stay in their files. */
  private final Map<Key, Kind> copies = new ConcurrentHashMap<>();

  private record Key(BranchName branch, BlueprintName name) {}

  private enum Kind {
    /** Somebody posted it. */
    EDITED,
    /** It is what was committed. */
    COMMITTED
  }

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

  /**
   * The copy somebody posted; empty also when the copy is only what was committed, or cannot be
   * read any more.
   */
  public Optional<Blueprint> find(BranchName branch, BlueprintName name) {
    Key key = new Key(branch, name);
    if (copies.get(key) != Kind.EDITED) {
      return Optional.empty();
    }
    try {
      return Optional.of(BlueprintParser.fromStored(content(file(key))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (BlueprintException e) {
      ignore(e);
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the workspace copy of " + name, e);
    }
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
          return Kind.EDITED;
        });
  }

  /**
   * Makes the copy that of the newest commit, after a commit was made.
   *
   * @param newest what the head of the branch has when it is asked; when two have committed at
   *     once, the last one here must not bring back the older text
   */
  public void committed(
      BranchName branch, BlueprintName name, Supplier<Optional<CommittedBlueprint>> newest) {
    copies.compute(
        new Key(branch, name),
        (key, old) -> {
          Optional<CommittedBlueprint> commit = newest.get();
          if (commit.isEmpty()) {
            remove(key);
            return null;
          }
          byte[] content = committedContent(commit.get());
          if (old == Kind.EDITED) {
            // The posted copy must not come back after a power cut.
            writeDurably(key, content);
          } else {
            writePlainly(key, content);
          }
          return Kind.COMMITTED;
        });
  }

  private static byte[] committedContent(CommittedBlueprint commit) {
    return (COMMITTED + commit.commitId() + "\n" + BlueprintToml.print(commit.blueprint()))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Removes a copy; returns whether there was one. */
  public boolean delete(BranchName branch, BlueprintName name) {
    boolean[] existed = {false};
    copies.compute(
        new Key(branch, name),
        (key, old) -> {
          existed[0] = remove(key) || old != null;
          return null;
        });
    return existed[0];
  }

  private boolean remove(Key key) {
    try {
      return DurableFiles.delete(file(key));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the workspace copy of " + key.name(), e);
    }
  }

  private void writeDurably(Key key, byte[] content) {
    try {
      DurableFiles.createDirectories(file(key).getParent());
      DurableFiles.write(file(key), content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the workspace copy of " + key.name(), e);
    }
  }

  /**
   * Into the old file, not by a rename over it, for which ext4 writes the new one to the disk at
   * once: what a crash leaves of it says itself that it holds nothing of its own, or is empty.
   */
  private void writePlainly(Key key, byte[] content) {
    Path file = file(key);
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel channel = FileChannel.open(file, INTO)) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.truncate(content.length);
      }
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
      byte[] content = content(file);
      if (content.length == 0
          || new String(content, StandardCharsets.UTF_8).startsWith(COMMITTED)) {
        copies.put(key, Kind.COMMITTED);
      } else {
        BlueprintParser.fromStored(content);
        copies.put(key, Kind.EDITED);
      }
    } catch (BlueprintException e) {
      ignore(e);
    }
  }

  /** Nothing of what is no file, or larger than a blueprint may be. */
  private static byte[] content(Path file) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return attributes.isRegularFile() && attributes.size() <= Document.MAX_SIZE
        ? Files.readAllBytes(file)
        : new byte[0];
  }

  private static void ignore(BlueprintException e) {
    LOG.log(Level.WARNING, "ignoring a workspace copy that cannot be read: {0}", e.getMessage());
  }

  private static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    }
    return entries;
  }
}
