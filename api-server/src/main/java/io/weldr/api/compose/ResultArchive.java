package io.weldr.api.compose;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Which files of a result an archive holds. Everything else in the directory, such as a work area
 * or links, is in none.
 */
public enum ResultArchive {
  /** What went in: everything but logs and image. */
  METADATA,
  /** The directory {@code logs}. */
  LOGS,
  /** Everything: metadata, logs and image. */
  RESULTS;

  private static final Set<String> RECORDS =
      Set.of(
          "COMMIT",
          "STATUS",
          "TEST",
          "UPLOADS",
          "CANCEL",
          "times.toml",
          "blueprint.toml",
          "frozen.toml",
          "deps.toml",
          "config.toml");

  private static final String LOG_DIRECTORY = "logs";

  /** Packages made of git repositories. */
  private static final String REPOSITORY = "repo";

  /**
   * The files of an archive, sorted by name; the image, which may be huge, is the last.
   *
   * @param image base name of the image
   */
  List<ArchiveFile> files(Path result, String image) throws IOException {
    List<ArchiveFile> files = new ArrayList<>();
    if (this != LOGS) {
      for (String name : names(result)) {
        if (RECORDS.contains(name) || name.endsWith(".ks")) {
          add(result, name, files);
        }
      }
      addTree(result, REPOSITORY, files);
    }
    if (this != METADATA) {
      addTree(result, LOG_DIRECTORY, files);
    }
    if (this == RESULTS && !image.isEmpty()) {
      add(result, image, files);
    }
    return files;
  }

  private static List<String> names(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return StreamSupport.stream(entries.spliterator(), false)
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static void addTree(Path result, String name, List<ArchiveFile> files)
      throws IOException {
    Path root = result.resolve(name);
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted().toList()) {
        add(result, result.relativize(path).toString(), files);
      }
    }
  }

  /**
   * Adds a file or directory; links and what is gone meanwhile are left out. What cannot be read is
   * told before anything is sent.
   */
  private static void add(Path result, String name, List<ArchiveFile> files) throws IOException {
    Path path = result.resolve(name);
    Map<String, Object> found;
    try {
      found =
          Files.readAttributes(
              path,
              "unix:mode,uid,gid,size,lastModifiedTime,isRegularFile,isDirectory",
              LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    boolean directory = (boolean) found.get("isDirectory");
    if (directory || (boolean) found.get("isRegularFile")) {
      if (!Files.isReadable(path)) {
        throw new AccessDeniedException(name);
      }
      files.add(
          new ArchiveFile(
              directory ? name + "/" : name,
              path,
              directory ? 0 : (long) found.get("size"),
              (int) found.get("mode") & 07777,
              (int) found.get("uid"),
              (int) found.get("gid"),
              ((FileTime) found.get("lastModifiedTime")).toInstant()));
    }
  }
}
