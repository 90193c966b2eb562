package io.weldr.api.http;

import io.weldr.api.depsolve.Build;
import io.weldr.api.depsolve.PackageVersion;
import io.weldr.api.depsolve.Project;
import io.weldr.api.depsolve.SolvedPackage;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Packages as replies show them. The words in capitals are constants that clients expect. */
final class ProjectForms {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private ProjectForms() {}

  static Map<String, Object> project(Project project) {
    Map<String, Object> fields = new TreeMap<>();
    fields.put("name", project.name());
    fields.put("summary", project.summary());
    fields.put("description", project.description());
    fields.put("homepage", project.homepage());
    fields.put("upstream_vcs", "UPSTREAM_VCS");
    fields.put("builds", project.builds().stream().map(ProjectForms::build).toList());
    return fields;
  }

  private static Map<String, Object> build(Build build) {
    return Map.of(
        "epoch",
        build.version().epoch(),
        "release",
        build.version().release(),
        "arch",
        build.version().architecture(),
        "build_time",
        TIME.format(build.time()),
        "changelog",
        "CHANGELOG_NEEDED",
        "build_config_ref",
        "BUILD_CONFIG_REF",
        "build_env_ref",
        "BUILD_ENV_REF",
        "metadata",
        Map.of(),
        "source",
        Map.of(
            "license",
            build.license(),
            "version",
            build.version().version(),
            "source_ref",
            "SOURCE_REF",
            "metadata",
            Map.of()));
  }

  /** What a solution installs. */
  static List<Map<String, Object>> packages(List<SolvedPackage> packages) {
    return packages.stream().map(solved -> exact(solved.version())).toList();
  }

  private static Map<String, Object> exact(PackageVersion version) {
    return Map.of(
        "name",
        version.name(),
        "epoch",
        version.epoch(),
        "version",
        version.version(),
        "release",
        version.release(),
        "arch",
        version.architecture());
  }

  /** What {@code modules/list} says of a package. */
  static Map<String, Object> module(String name) {
    return Map.of("name", name, "group_type", "rpm");
  }
}
