package io.weldr.worker.spec;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * One compose, validated and complete: nothing else is needed to build it. Stored as {@code
 * spec.json} in the job's directory.
 *
 * @param packages everything that will be installed
 * @param size bytes asked for the image, 0 = what the content needs
 * @param installedSize bytes all packages take when installed, for planning space; 0 = unknown
 * @param submitter any number; submitters take turns for the slots
 * @param proxy for downloads from servers that neither a source nor the host has another one for
 * @param gitPackages packages that are made here, besides the others
 */
public record JobSpec(
    UUID composeId,
    String outputType,
    BlueprintDocument blueprint,
    List<PackageSpec> packages,
    List<SourceSpec> sources,
    Customizations customizations,
    TestMode testMode,
    long size,
    long installedSize,
    long submitter,
    Optional<String> proxy,
    List<GitPackage> gitPackages) {

  /** Name in the job's directory. */
  public static final String FILE = "spec.json";

  private static final long TIMES_ARCHIVES = 4;

  public JobSpec {
    packages = List.copyOf(packages);
    sources = List.copyOf(sources);
    gitPackages = List.copyOf(gitPackages);
  }

  /** A job without a proxy and packages made of git repositories. */
  public JobSpec(
      UUID composeId,
      String outputType,
      BlueprintDocument blueprint,
      List<PackageSpec> packages,
      List<SourceSpec> sources,
      Customizations customizations,
      TestMode testMode,
      long size,
      long installedSize,
      long submitter) {
    this(
        composeId,
        outputType,
        blueprint,
        packages,
        sources,
        customizations,
        testMode,
        size,
        installedSize,
        submitter,
        Optional.empty(),
        List.of());
  }

  /** The packages with those that are made of git repositories. */
  public Stream<PackageSpec> allPackages(PackageFamily family) {
    return Stream.concat(
        packages.stream(), gitPackages.stream().map(source -> source.asPackage(family)));
  }

  /** Bytes of all package archives. */
  @JsonIgnore
  public long archiveBytes() {
    return packages.stream().mapToLong(PackageSpec::size).sum();
  }

  /** Bytes of the installed tree: as the sources say, else as measured on Debian trees. */
  @JsonIgnore
  public long treeBytes() {
    return installedSize > 0 ? installedSize : TIMES_ARCHIVES * archiveBytes();
  }
}
