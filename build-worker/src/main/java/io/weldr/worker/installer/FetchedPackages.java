package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.worker.spec.PackageSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Debian packages of a compose, and how dpkg is to take them.
 *
 * @param directory holds the archives
 * @param files base name of each archive, by {@code name:architecture}, in the order of the job
 * @param essential {@code name:architecture} of what must be there before any script can run
 * @param steps how the others are installed
 */
record FetchedPackages(
    Path directory, Map<String, String> files, Set<String> essential, List<InstallStep> steps) {

  /** Out of archives that {@code apt.py} fetched. */
  static FetchedPackages of(FetchedArchives archives) {
    Map<String, String> files = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    archives.answer().path("essential").forEach(name -> names.add(name.asText()));
    Set<String> essential = new HashSet<>();
    for (PackageSpec pkg : archives.files().keySet()) {
      files.put(key(pkg), archives.files().get(pkg));
      if (names.contains(pkg.name())) {
        essential.add(key(pkg));
      }
    }
    List<InstallStep> steps = new ArrayList<>();
    for (JsonNode step : archives.answer().path("order")) {
      String key = step.path("name").asText() + ":" + step.path("architecture").asText();
      if (files.containsKey(key) && !essential.contains(key)) {
        steps.add(new InstallStep(operation(step), List.of(key)));
      }
    }
    // What was made here has no dependencies and comes last.
    Set<String> ordered = new HashSet<>(essential);
    steps.forEach(step -> ordered.addAll(step.packages()));
    List<String> others = files.keySet().stream().filter(key -> !ordered.contains(key)).toList();
    if (!others.isEmpty()) {
      steps.add(new InstallStep(InstallStep.Operation.UNPACK, others));
      steps.add(new InstallStep(InstallStep.Operation.CONFIGURE, others));
    }
    return new FetchedPackages(archives.directory(), files, essential, InstallStep.joined(steps));
  }

  private static InstallStep.Operation operation(JsonNode step) {
    return step.path("op").asText().equals("configure")
        ? InstallStep.Operation.CONFIGURE
        : InstallStep.Operation.UNPACK;
  }

  private static String key(PackageSpec pkg) {
    return pkg.name() + ":" + pkg.architecture();
  }

  /** As apt names archives. */
  static String fileName(PackageSpec pkg) {
    String version = pkg.fullVersion().replace(":", "%3a");
    return pkg.name() + "_" + version + "_" + pkg.architecture() + ".deb";
  }
}
