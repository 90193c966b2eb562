package io.weldr.api.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a kickstart template without blanks around them, with those of the files beside it
 * that {@code %include} lines name in their place. The worker reads templates by the same rules.
 */
final class TemplateLines {
  private static final Pattern INCLUDE = Pattern.compile("%include\\s+(\\S.*)");

  /** Sections whose lines are not the kickstart's own, and their end. */
  private static final Pattern FOREIGN =
      Pattern.compile("%(addon|anaconda|certificate|onerror|post|pre|traceback)\\b.*");

  private static final Pattern END = Pattern.compile("%end(\\s.*)?");
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** Files that include files, at most so many in a row. */
  private static final int DEEPEST = 8;

  private final Path directory;
  private final List<String> lines = new ArrayList<>();
  private boolean script;

  private TemplateLines(Path directory) {
    this.directory = directory;
  }

  /**
   * Reads a template.
   *
   * @throws IOException when it, or what it includes, cannot be read
   */
  static List<String> of(Path template) throws IOException {
    TemplateLines read = new TemplateLines(template.getParent());
    read.add(template, 0);
    return List.copyOf(read.lines);
  }

  private void add(Path file, int depth) throws IOException {
    for (String line : Files.readAllLines(file)) {
      Matcher include = INCLUDE.matcher(line.strip());
      if (!script && include.matches()) {
        add(included(include.group(1), depth), depth + 1);
      } else {
        script = FOREIGN.matcher(line).matches() || script && !isEnd(line);
        lines.add(line.strip());
      }
    }
  }

  static boolean isEnd(String line) {
    return END.matcher(line).matches();
  }

  private Path included(String name, int depth) throws IOException {
    Path file = directory.resolve(FILE_NAME.matcher(name).matches() ? name : "%");
    if (depth >= DEEPEST || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("`%include " + name + "` does not name a file beside the template");
    }
    return file;
  }
}
