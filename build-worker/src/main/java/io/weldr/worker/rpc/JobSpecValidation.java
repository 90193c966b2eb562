package io.weldr.worker.rpc;

import io.weldr.worker.spec.BlueprintDocument;
import io.weldr.worker.spec.Customizations;
import io.weldr.worker.spec.GitPackage;
import io.weldr.worker.spec.JobSpec;
import io.weldr.worker.spec.PackageSpec;
import io.weldr.worker.spec.SourceSpec;
import io.weldr.worker.spec.TestMode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Turns a received job into a {@link JobSpec}, or says all that is wrong with it.
 *
 * <p>Security: the api-server checked all of this before, and none of that counts here. What passes
 * has no control characters, no paths but a user's home and shell in the image, and refers only to
 * itself.
 */
final class JobSpecValidation {
  static final int MOST_PACKAGES = 20_000;

  private static final int SHA256_BYTES = 32;
  private static final long LARGEST_PACKAGE = 16L << 30;
  private static final long LARGEST_IMAGE = 1L << 50;

  private final Problems problems = new Problems();

  private JobSpecValidation() {}

  /**
   * @throws InvalidRequestException with all problems in one message
   */
  static JobSpec validate(io.weldr.proto.worker.v1.JobSpec job) throws InvalidRequestException {
    return new JobSpecValidation().spec(job);
  }

  /**
   * @throws InvalidRequestException when the text is not a compose id
   */
  static UUID composeId(String text) throws InvalidRequestException {
    Problems problems = new Problems();
    problems.check("compose_id", text, FieldRule.COMPOSE_ID);
    InvalidRequestException.throwIfAny(problems);
    return UUID.fromString(text);
  }

  private JobSpec spec(io.weldr.proto.worker.v1.JobSpec job) throws InvalidRequestException {
    problems.check("compose_id", job.getComposeId(), FieldRule.COMPOSE_ID);
    problems.check("output_type", job.getOutputType(), FieldRule.OUTPUT_TYPE);
    BlueprintDocument blueprint = blueprint(job.getBlueprint());
    List<SourceSpec> sources = new SourceValidation(problems).sources(job.getSourcesList());
    Set<String> ids = sources.stream().map(SourceSpec::id).collect(Collectors.toSet());
    List<PackageSpec> packages = packages(job.getPackagesList(), ids);
    Customizations customizations =
        new CustomizationsValidation(problems).customizations(job.getCustomizations());
    TestMode testMode = testMode(job.getTestMode());
    checkSize("size", job.getSize());
    checkSize("installed_size", job.getInstalledSize());
    problems.checkOptional("proxy", job.getProxy(), FieldRule.PROXY);
    List<GitPackage> gitPackages =
        new GitPackageValidation(problems).packages(job.getGitRepositoriesList(), packages);
    InvalidRequestException.throwIfAny(problems);
    return new JobSpec(
        UUID.fromString(job.getComposeId()),
        job.getOutputType(),
        blueprint,
        packages,
        sources,
        customizations,
        testMode,
        job.getSize(),
        job.getInstalledSize(),
        Integer.toUnsignedLong(job.getSubmitter()),
        Optional.of(job.getProxy()).filter(proxy -> !proxy.isEmpty()),
        gitPackages);
  }

  private void checkSize(String place, long size) {
    if (size < 0 || size > LARGEST_IMAGE) {
      problems.add(place, Long.toUnsignedString(size) + " is more than an image can be");
    }
  }

  private BlueprintDocument blueprint(io.weldr.proto.worker.v1.BlueprintDocument from) {
    problems.check("blueprint.name", from.getName(), FieldRule.BLUEPRINT_NAME);
    problems.check("blueprint.version", from.getVersion(), FieldRule.BLUEPRINT_VERSION);
    problems.check("blueprint.commit", from.getCommit(), FieldRule.COMMIT);
    problems.check("blueprint.toml", from.getToml(), FieldRule.DOCUMENT);
    problems.check("blueprint.frozen_toml", from.getFrozenToml(), FieldRule.DOCUMENT);
    return new BlueprintDocument(
        from.getName(), from.getVersion(), from.getCommit(), from.getToml(), from.getFrozenToml());
  }

  private List<PackageSpec> packages(
      List<io.weldr.proto.worker.v1.Package> packages, Set<String> sources) {
    List<PackageSpec> specs = new ArrayList<>(packages.size());
    if (packages.isEmpty()) {
      problems.add("packages", "are missing");
    }
    Consumer<String> unique = problems.unique("packages");
    problems.each(
        "packages",
        packages,
        MOST_PACKAGES,
        (place, one) -> {
          checkPackage(place, one, sources);
          unique.accept(one.getName() + "." + one.getArchitecture());
          specs.add(spec(one));
        });
    return specs;
  }

  private void checkPackage(
      String place, io.weldr.proto.worker.v1.Package one, Set<String> sources) {
    problems.check(place + ".name", one.getName(), FieldRule.PACKAGE_NAME);
    problems.check(place + ".version", one.getVersion(), FieldRule.PACKAGE_VERSION);
    problems.checkOptional(place + ".release", one.getRelease(), FieldRule.PACKAGE_RELEASE);
    problems.check(place + ".architecture", one.getArchitecture(), FieldRule.ARCHITECTURE);
    if (one.getEpoch() < 0) {
      problems.add(place + ".epoch", "is more than an epoch can be");
    }
    if (!sources.contains(one.getSourceId())) {
      problems.add(
          place + ".source_id", Problems.show(one.getSourceId()) + " is not a source of the job");
    }
    if (one.getSha256().size() != SHA256_BYTES) {
      problems.add(place + ".sha256", "has " + one.getSha256().size() + " bytes, not 32");
    }
    problems.checkOptional(place + ".location", one.getLocation(), FieldRule.LOCATION);
    if (one.getSize() <= 0 || one.getSize() > LARGEST_PACKAGE) {
      problems.add(
          place + ".size", Long.toUnsignedString(one.getSize()) + " is not the size of a package");
    }
  }

  private static PackageSpec spec(io.weldr.proto.worker.v1.Package one) {
    return new PackageSpec(
        one.getName(),
        one.getEpoch(),
        one.getVersion(),
        one.getRelease(),
        one.getArchitecture(),
        one.getSourceId(),
        HexFormat.of().formatHex(one.getSha256().toByteArray()),
        one.getLocation(),
        one.getSize());
  }

  private TestMode testMode(io.weldr.proto.worker.v1.TestMode mode) {
    return switch (mode) {
      case TEST_MODE_NONE -> TestMode.NONE;
      case TEST_MODE_FAIL -> TestMode.FAIL;
      case TEST_MODE_FINISH -> TestMode.FINISH;
      case UNRECOGNIZED -> {
        problems.add("test_mode", "is not a test mode");
        yield TestMode.NONE;
      }
    };
  }
}
