package io.weldr.api.depsolve;

import java.util.List;

/**
 * A package by name, as the sources offer it.
 *
 * @param summary one line
 * @param description several lines
 * @param homepage may be empty
 * @param builds at least one, the newest first
 */
public record Project(
    String name, String summary, String description, String homepage, List<Build> builds) {

  public Project {
    builds = List.copyOf(builds);
  }
}
