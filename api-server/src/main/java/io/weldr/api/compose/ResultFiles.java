package io.weldr.api.compose;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.BlueprintParser;
import io.weldr.api.blueprint.InvalidBlueprintException;
import io.weldr.api.depsolve.PackageVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * The files of the composes, {@code results/UUID/}, which the build worker writes and this process
 * only reads. A damaged directory gives a {@link ComposeFailureException} that says what is wrong.
 */
public final class ResultFiles {
  /** No file but the image and the log is bigger; what is bigger is damaged. */
  private static final int LARGEST_RECORD = 16 << 20;

  private final Path results;

  /**
   * @param results the directory that holds one directory per compose, named by its UUID
   */
  public ResultFiles(Path results) {
    this.results = results;
  }

  /** The commit of the blueprint: 40 hex digits. */
  public String commit(UUID id) throws ComposeFailureException {
    String commit = read(id, "COMMIT", "commit hash").strip();
    if (!commit.matches("[0-9a-f]{40}")) {
      throw new ComposeFailureException("Damaged commit hash for " + id);
    }
    return commit;
  }

  /** The blueprint with the exact versions that are installed. */
  public Blueprint frozenBlueprint(UUID id) throws ComposeFailureException {
    String toml = read(id, "frozen.toml", "frozen.toml");
    try {
      return BlueprintParser.fromToml(toml);
    } catch (InvalidBlueprintException e) {
      throw new ComposeFailureException("Damaged frozen.toml for " + id, e);
    }
  }

  /** Every package that is installed, in the order of the file: by lower-cased name. */
  public List<PackageVersion> dependencies(UUID id) throws ComposeFailureException {
    TomlTable document = table(id, "deps.toml");
    List<PackageVersion> packages = new ArrayList<>();
    try {
      TomlArray rows = document.getArrayOrEmpty("packages");
      for (int i = 0; i < rows.size(); i++) {
        packages.add(dependency(rows.getTable(i)));
      }
    } catch (RuntimeException e) {
      throw new ComposeFailureException("Damaged deps.toml for " + id, e);
    }
    return packages;
  }

  private static PackageVersion dependency(TomlTable row) {
    return new PackageVersion(
        row.getString("name", () -> ""),
        row.getLong("epoch", () -> 0),
        row.getString("version", () -> ""),
        row.getString("release", () -> ""),
        row.getString("arch", () -> ""));
  }

  /** The settings of the build, as {@code config.toml} has them: text, numbers, booleans, lists. */
  public Map<String, Object> config(UUID id) throws ComposeFailureException {
    return TomlValues.plain(table(id, "config.toml"));
  }

  /**
   * The build log, open for reading. It may still grow.
   *
   * @return empty when there is no log
   */
  public Optional<FileChannel> logFile(UUID id) {
    try {
      return Optional.of(open(directory(id).resolve("logs/combined.log")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The image of a compose, open for reading.
   *
   * @return empty when there is none
   */
  public Optional<ImageFile> image(ComposeEntry entry) throws ComposeFailureException {
    String name = entry.imageName();
    if (!isFileName(name)) {
      return Optional.empty();
    }
    Path file = directory(entry.id()).resolve(name);
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        return Optional.empty();
      }
      FileChannel channel = open(file);
      return Optional.of(
          new ImageFile(name, channel.size(), attributes.lastModifiedTime().toInstant(), channel));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ComposeFailureException("Cannot read the image of " + entry.id(), e);
    }
  }

  /**
   * The files of an archive.
   *
   * @throws ComposeFailureException when the directory of the result is gone or cannot be read
   */
  public List<ArchiveFile> archive(ComposeEntry entry, ResultArchive archive)
      throws ComposeFailureException {
    try {
      String image = isFileName(entry.imageName()) ? entry.imageName() : "";
      return archive.files(directory(entry.id()), image);
    } catch (IOException | UncheckedIOException e) {
      throw new ComposeFailureException("Cannot read the results of " + entry.id(), e);
    }
  }

  /** The entry of a damaged compose, with what its files still say of it. */
  ComposeEntry described(ComposeEntry entry) {
    Optional<Blueprint> blueprint =
        readable(entry.id(), "blueprint.toml").or(() -> readable(entry.id(), "frozen.toml"));
    return new DamagedResult(directory(entry.id()), blueprint).describe(entry);
  }

  private Optional<Blueprint> readable(UUID id, String name) {
    try {
      return Optional.of(BlueprintParser.fromToml(read(id, name, name)));
    } catch (ComposeFailureException | InvalidBlueprintException e) {
      return Optional.empty();
    }
  }

  private static boolean isFileName(String name) {
    return !name.isEmpty() && !name.contains("/") && !name.startsWith(".");
  }

  private TomlTable table(UUID id, String name) throws ComposeFailureException {
    TomlParseResult document = Toml.parse(read(id, name, name));
    if (document.hasErrors()) {
      throw new ComposeFailureException(
          "Damaged " + name + " for " + id + ": " + document.errors().getFirst().getMessage());
    }
    return document;
  }

  private String read(UUID id, String name, String what) throws ComposeFailureException {
    try (FileChannel channel = open(directory(id).resolve(name))) {
      if (channel.size() > LARGEST_RECORD) {
        throw new ComposeFailureException("Damaged " + what + " for " + id + ": it is too big");
      }
      ByteBuffer content = ByteBuffer.allocate((int) channel.size());
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // read() may stop early
      }
      return new String(content.array(), 0, content.position(), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new ComposeFailureException("Missing " + what + " for " + id, e);
    } catch (IOException e) {
      throw new ComposeFailureException("Cannot read " + what + " for " + id, e);
    }
  }

  /** Opens a plain file: of a pipe that would never end, and a directory fails late. */
  private static FileChannel open(Path file) throws IOException {
    var found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isRegularFile()) {
      throw new IOException(file.getFileName() + " is not a file");
    }
    return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  private Path directory(UUID id) {
    return results.resolve(id.toString());
  }
}
