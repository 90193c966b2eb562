package io.weldr.api.compose;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a kickstart template installs: its open {@code %packages} section, which is the last of the
 * file, and what its commands need.
 *
 * @param commands each command before the sections by its name, and by its name and each of its
 *     other words: {@code timezone}, {@code timezone UTC}, {@code timezone --nontp}
 * @param core false when the section says {@code --nocore}
 * @param names packages, in the order of the file
 * @param groups ids of groups and environments, {@code @ID} and {@code @^ID} in the file
 * @param excluded packages that come only when a blueprint names them, {@code -NAME} in the file
 */
record TemplatePackages(
    Set<String> commands,
    boolean core,
    List<String> names,
    List<String> groups,
    List<String> excluded) {

  TemplatePackages {
    commands = Set.copyOf(commands);
    names = List.copyOf(names);
    groups = List.copyOf(groups);
    excluded = List.copyOf(excluded);
  }

  /**
   * Reads a template.
   *
   * @throws IOException when it cannot be read, has no such section, or goes on after it
   */
  static TemplatePackages read(Path template) throws IOException {
    List<String> lines = TemplateLines.of(template);
    int start = sectionStart(lines);
    if (start < 0) {
      throw new IOException(template + " has no %packages section");
    }
    List<String> names = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    List<String> excluded = new ArrayList<>();
    for (String line : lines.subList(start + 1, lines.size())) {
      String item = line.replaceFirst("#.*", "").strip();
      if (item.startsWith("%") || item.startsWith("-@")) {
        throw new IOException(template + ": `" + item + "` is not supported in %packages");
      }
      if (item.startsWith("@")) {
        // An environment is a group of groups; kickstarts mark it.
        groups.add(item.replaceFirst("@\\^?\\s*", ""));
      } else if (item.startsWith("-")) {
        excluded.add(item.substring(1).strip());
      } else if (!item.isEmpty()) {
        names.add(item);
      }
    }
    boolean core = !List.of(lines.get(start).split("\\s+")).contains("--nocore");
    return new TemplatePackages(commands(lines), core, names, groups, excluded);
  }

  private static Set<String> commands(List<String> lines) {
    Set<String> commands = new HashSet<>();
    boolean script = false;
    for (String line : lines) {
      script = line.startsWith("%") ? !TemplateLines.isEnd(line) : script;
      if (!script && line.matches("[a-z].*")) {
        String[] words = line.split("[\\s=]+");
        commands.add(words[0]);
        Stream.of(words).skip(1).forEach(word -> commands.add(words[0] + " " + word));
      }
    }
    return commands;
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
