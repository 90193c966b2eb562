package io.weldr.api.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a kickstart template installs: its open {@code %packages} section, which is the last of the
 * file.
 *
 * @param core false when the section says {@code --nocore}
 * @param names packages, in the order of the file
 * @param groups ids of groups, {@code @ID} in the file
 */
record TemplatePackages(boolean core, List<String> names, List<String> groups) {

  TemplatePackages {
    names = List.copyOf(names);
    groups = List.copyOf(groups);
  }

  /**
   * Reads a template.
   *
   * @throws IOException when it cannot be read, has no such section, or excludes packages, which no
   *     solver here does
   */
  static TemplatePackages read(Path template) throws IOException {
    List<String> lines = Files.readAllLines(template).stream().map(String::strip).toList();
    int start = sectionStart(lines);
    if (start < 0) {
      throw new IOException(template + " has no %packages section");
    }
    List<String> names = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    for (String line : lines.subList(start + 1, lines.size())) {
      String item = line.startsWith("#") ? "" : line;
      if (item.startsWith("-") || item.startsWith("%")) {
        throw new IOException(template + ": `" + item + "` is not supported in %packages");
      }
      if (item.startsWith("@")) {
        groups.add(item.substring(1).strip());
      } else if (!item.isEmpty()) {
        names.add(item);
      }
    }
    boolean core = !List.of(lines.get(start).split("\\s+")).contains("--nocore");
    return new TemplatePackages(core, names, groups);
  }

  private static int sectionStart(List<String> lines) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).matches("%packages(\\s.*)?")) {
        return i;
      }
    }
    return -1;
  }
}
