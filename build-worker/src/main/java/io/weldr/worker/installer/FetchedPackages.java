package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.JsonNode;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All packages of a compose, on this machine and checked.
 *
 * @param directory holds the archives
 * @param files base name of each archive, by {@code name:architecture}, in the order of the job
 * @param essential {@code name:architecture} of what must be there before any script can run
 * @param steps how the others are installed
 */
record FetchedPackages(
    Path directory, Map<String, String> files, Set<String> essential, List<InstallStep> steps) {

  /** What is there before anything was fetched. */
  static final FetchedPackages NONE =
      new FetchedPackages(Path.of("/nonexistent"), Map.of(), Set.of(), List.of());

  /**
   * Takes packages out of the cache, after the missing ones were downloaded into it.
   *
   * @param job names the packages, their sources and a proxy
   * @param work directory of this compose that only root can enter
   */
  static FetchedPackages fetch(
      AptHelper helper, PackageCache cache, JobSpec job, Path work, StageReport report)
      throws BuildException, IOException, InterruptedException {
    List<PackageSpec> packages = job.packages();
    Path directory = Files.createDirectory(work.resolve("packages"));
    Set<String> cached = new HashSet<>();
    for (PackageSpec pkg : packages) {
      if (cache.take(pkg.sha256(), directory.resolve(fileName(pkg)))) {
        cached.add(pkg.sha256());
      }
    }
    report.info("%d of %d packages are in the cache".formatted(cached.size(), packages.size()));
    AptHelper.Area area = AptHelper.Area.make(work);
    JsonNode result = helper.fetch(job.sources(), packages, job.proxy(), cached, area, report);
    for (PackageSpec pkg : packages) {
      if (!cached.contains(pkg.sha256())) {
        cache.add(area.out().resolve(pkg.sha256() + ".deb"), pkg.sha256(), pkg.size());
        if (!cache.take(pkg.sha256(), directory.resolve(fileName(pkg)))) {
          throw new IOException("the package cache lost " + pkg.name() + " at once");
        }
      }
    }
    return of(directory, packages, result);
  }

  private static FetchedPackages of(Path directory, List<PackageSpec> packages, JsonNode result) {
    Map<String, String> files = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    result.path("essential").forEach(name -> names.add(name.asText()));
    Set<String> essential = new HashSet<>();
    for (PackageSpec pkg : packages) {
      files.put(key(pkg), fileName(pkg));
      if (names.contains(pkg.name())) {
        essential.add(key(pkg));
      }
    }
    List<InstallStep> steps = new ArrayList<>();
    for (JsonNode step : result.path("order")) {
      String key = step.path("name").asText() + ":" + step.path("architecture").asText();
      if (files.containsKey(key) && !essential.contains(key)) {
        steps.add(new InstallStep(operation(step), List.of(key)));
      }
    }
    return new FetchedPackages(directory, files, essential, InstallStep.joined(steps));
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
  private static String fileName(PackageSpec pkg) {
    String version = pkg.fullVersion().replace(":", "%3a");
    return pkg.name() + "_" + version + "_" + pkg.architecture() + ".deb";
  }
}
