package io.weldr.api.blueprint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Directories and files that osbuild-composer puts into an image. */
public final class FileSections {
  private FileSections() {}

  /**
   * A directory.
   *
   * @param mode octal
   */
  public record Directory(
      @Key(rule = ValueRule.CANONICAL_PATH) String path,
      Optional<AccountReference> user,
      Optional<AccountReference> group,
      @Key(rule = ValueRule.FILE_MODE) Optional<String> mode,
      Optional<Boolean> ensureParents)
      implements Section {}

  /**
   * A file with its content, or where that comes from.
   *
   * @param mode octal
   */
  public record RegularFile(
      @Key(rule = ValueRule.CANONICAL_PATH) String path,
      Optional<AccountReference> user,
      Optional<AccountReference> group,
      @Key(rule = ValueRule.FILE_MODE) Optional<String> mode,
      Optional<String> data,
      @Key(rule = ValueRule.URL) Optional<String> uri)
      implements Section {
    @Override
    public void check(TableReader table) {
      if (data.isPresent() && uri.isPresent()) {
        table.problem("uri", "cannot be used together with data");
      }
    }
  }

  /** Complains about paths that occur twice and files that would have to be directories. */
  static void check(List<Directory> directories, List<RegularFile> files, TableReader table) {
    List<String> paths = new ArrayList<>(directories.stream().map(Directory::path).toList());
    paths.addAll(files.stream().map(RegularFile::path).toList());
    Set<String> seen = new TreeSet<>();
    Set<String> repeated = new TreeSet<>();
    paths.stream()
        .filter(path -> !path.isEmpty())
        .filter(path -> !seen.add(path))
        .forEach(repeated::add);
    if (!repeated.isEmpty()) {
      table
          .problems()
          .add(
              table.pathOf(directories.isEmpty() ? "files" : "directories"),
              "duplicate files / directory customization paths: " + repeated);
    }
    files.stream()
        .map(RegularFile::path)
        .filter(file -> below(paths, file).findAny().isPresent())
        .distinct()
        .forEach(
            file ->
                table.problem(
                    "files",
                    "has '"
                        + file
                        + "', which is the parent of '"
                        + below(paths, file).findFirst().orElse("")
                        + "'"));
  }

  private static Stream<String> below(List<String> paths, String file) {
    return paths.stream().filter(path -> !file.isEmpty() && path.startsWith(file + "/"));
  }
}
