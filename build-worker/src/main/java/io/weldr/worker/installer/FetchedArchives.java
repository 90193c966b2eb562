package io.weldr.worker.installer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.weldr.worker.spec.BuildException;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * All package archives of a compose, on this machine and with their frozen checksums.
 *
 * @param directory holds the archives
 * @param files base name of each archive, in the order of the job
 * @param answer what the helper said besides
 */
record FetchedArchives(Path directory, Map<PackageSpec, String> files, JsonNode answer) {

  /** What is there before anything was fetched. */
  static final FetchedArchives NONE =
      new FetchedArchives(Path.of("/nonexistent"), Map.of(), NullNode.getInstance());

  /**
   * Takes packages out of the cache, after the missing ones were downloaded into it.
   *
   * @param job names the packages, their sources and a proxy
   * @param work directory of this compose that only root can enter
   * @param naming the base name of an archive
   */
  static FetchedArchives fetch(
      PackageHelper helper,
      PackageCache cache,
      JobSpec job,
      Path work,
      Function<PackageSpec, String> naming,
      StageReport report)
      throws BuildException, IOException, InterruptedException {
    List<PackageSpec> packages = job.packages();
    Path directory = Files.createDirectory(work.resolve("packages"));
    Map<PackageSpec, String> files = new LinkedHashMap<>();
    packages.forEach(pkg -> files.put(pkg, naming.apply(pkg)));
    Set<String> cached = new HashSet<>();
    for (PackageSpec pkg : packages) {
      if (cache.take(pkg.sha256(), directory.resolve(files.get(pkg)))) {
        cached.add(pkg.sha256());
      }
    }
    report.info("%d of %d packages are in the cache".formatted(cached.size(), packages.size()));
    PackageHelper.Area area = PackageHelper.Area.make(work, helper.adapter());
    JsonNode answer = helper.fetch(job.sources(), packages, job.proxy(), cached, area, report);
    for (PackageSpec pkg : packages) {
      if (!cached.contains(pkg.sha256())) {
        Path downloaded = area.out().resolve(pkg.sha256() + helper.adapter().suffix());
        cache.add(downloaded, pkg.sha256(), pkg.size());
        Files.delete(downloaded);
        if (!cache.take(pkg.sha256(), directory.resolve(files.get(pkg)))) {
          throw new IOException("the package cache lost " + pkg.name() + " at once");
        }
      }
    }
    area.remove();
    return new FetchedArchives(directory, files, answer);
  }
}
