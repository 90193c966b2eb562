package io.weldr.worker.spec;

import java.util.List;
import java.util.UUID;

/**
 * One compose, validated and complete: nothing else is needed to build it. Stored as {@code
 * spec.json} in the job's directory.
 *
 * @param packages everything that will be installed
 * @param size bytes asked for the image, 0 = what the content needs
 */
public record JobSpec(
    UUID composeId,
    String outputType,
    BlueprintDocument blueprint,
    List<PackageSpec> packages,
    List<SourceSpec> sources,
    Customizations customizations,
    TestMode testMode,
    long size) {

  /** Name in the job's directory. */
  public static final String FILE = "spec.json";

  public JobSpec {
    packages = List.copyOf(packages);
    sources = List.copyOf(sources);
  }
}
