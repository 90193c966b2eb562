package io.weldr.worker.kickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a template, with the files that its {@code %include} lines name in their place.
 *
 * <p>Security: a template and what it includes lie in one directory, which belongs to root; names
 * cannot lead out of it. Nothing that a client sends is read here, and in what is rendered from it
 * {@code %include} is an unknown section.
 */
public final class TemplateText {
  private static final Pattern INCLUDE = Pattern.compile("%include\\s+(\\S.*?)\\s*");
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** Sections whose lines are not the kickstart's own. */
  private static final Pattern FOREIGN =
      Pattern.compile("%(addon|anaconda|certificate|onerror|post|pre|traceback)\\b.*");

  /** Files that include files, at most so many in a row. */
  private static final int DEEPEST = 8;

  private final Path directory;
  private final List<String> lines = new ArrayList<>();
  private boolean foreign;

  private TemplateText(Path directory) {
    this.directory = directory;
  }

  /**
   * Reads a template.
   *
   * @throws KickstartException naming a file that cannot be included
   */
  public static String read(Path template) throws IOException, KickstartException {
    TemplateText text = new TemplateText(template.getParent());
    text.add(template, 0);
    return String.join("\n", text.lines);
  }

  private void add(Path file, int depth) throws IOException, KickstartException {
    for (String line : Files.readString(file).split("\n", -1)) {
      Matcher include = INCLUDE.matcher(line);
      if (!foreign && include.matches()) {
        add(included(include.group(1), depth), depth + 1);
      } else {
        foreign = FOREIGN.matcher(line).matches() || foreign && !KickstartParser.isEnd(line);
        lines.add(line);
      }
    }
  }

  private Path included(String name, int depth) throws KickstartException {
    Path file = directory.resolve(FILE_NAME.matcher(name).matches() ? name : "%");
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new KickstartException(
          "%include \""
              + name
              + "\" does not name a file beside the template, and no other can be included");
    }
    if (depth >= DEEPEST) {
      throw new KickstartException("%include \"" + name + "\" is nested too deeply");
    }
    return file;
  }
}
