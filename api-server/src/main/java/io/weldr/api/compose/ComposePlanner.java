package io.weldr.api.compose;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.BlueprintException;
import io.weldr.api.blueprint.CommittedBlueprint;
import io.weldr.api.blueprint.GitRemoteException;
import io.weldr.api.blueprint.GitRemotes;
import io.weldr.api.blueprint.GitRepository;
import io.weldr.api.blueprint.UnknownBranchException;
import io.weldr.api.depsolve.DepsolveException;
import io.weldr.api.depsolve.DepsolveException.Reason;
import io.weldr.api.depsolve.Depsolver;
import io.weldr.api.depsolve.SolveRequest;
import io.weldr.api.depsolve.SolvedPackage;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns a request into a plan, or says why there can be none. Changes nothing. */
public final class ComposePlanner {
  private static final String BUILD_FAILED = "BuildFailed";

  private final BlueprintSource blueprints;
  private final OutputTypes types;
  private final Distribution distribution;
  private final SourceStore sources;
  private final Depsolver depsolver;
  private final GitRemotes remotes;

  public ComposePlanner(
      BlueprintSource blueprints,
      OutputTypes types,
      Distribution distribution,
      SourceStore sources,
      Depsolver depsolver,
      GitRemotes remotes) {
    this.blueprints = blueprints;
    this.types = types;
    this.distribution = distribution;
    this.sources = sources;
    this.depsolver = depsolver;
    this.remotes = remotes;
  }

  /**
   * Solves template, base, features and blueprint together.
   *
   * @throws ComposeRefusedException with all reasons that were found, the most useful first
   */
  public ComposePlan plan(ComposeRequest request) throws ComposeRefusedException {
    List<Refusal> refusals = new ArrayList<>();
    Optional<OutputType> type = type(request, refusals);
    Optional<CommittedBlueprint> blueprint = blueprint(request, refusals);
    blueprint.ifPresent(found -> checkSupport(found.blueprint(), type, refusals));
    List<Source> enabled = sources.list();
    if (enabled.isEmpty()) {
      refusals.add(new Refusal(BUILD_FAILED, "No enabled repos, canceling build."));
    }
    if (!refusals.isEmpty() || type.isEmpty() || blueprint.isEmpty()) {
      throw new ComposeRefusedException(refusals);
    }
    return plan(request, type.get(), blueprint.get(), enabled);
  }

  private ComposePlan plan(
      ComposeRequest request, OutputType type, CommittedBlueprint blueprint, List<Source> enabled)
      throws ComposeRefusedException {
    List<SolvedPackage> packages = solve(type, blueprint.blueprint(), enabled);
    Set<String> used = packages.stream().map(SolvedPackage::sourceId).collect(Collectors.toSet());
    return new ComposePlan(
        UUID.randomUUID(),
        request,
        blueprint,
        BlueprintDependencies.freeze(blueprint.blueprint(), packages),
        type,
        packages,
        enabled.stream().filter(source -> used.contains(source.id())).toList(),
        commits(blueprint.blueprint()),
        warnings(request.size(), type, packages));
  }

  private List<GitCommit> commits(Blueprint blueprint) throws ComposeRefusedException {
    List<GitCommit> commits = new ArrayList<>();
    for (GitRepository repository : blueprint.gitRepositories()) {
      try {
        commits.add(new GitCommit(repository, remotes.commit(repository)));
      } catch (GitRemoteException e) {
        throw new ComposeRefusedException(BUILD_FAILED, "Creating git repo rpm: " + e.getMessage());
      }
    }
    return commits;
  }

  /** A size that cannot be had is no reason to refuse: clients send one always. */
  static List<String> warnings(long size, OutputType type, List<SolvedPackage> packages) {
    if (size == 0) {
      return List.of();
    }
    if (!type.sized()) {
      return List.of(
          "size is ignored: an image of type " + type.name() + " is as large as its content");
    }
    long content = packages.stream().mapToLong(SolvedPackage::installedSize).sum();
    return size < content
        ? List.of(
            "size is raised from %d bytes to what the content needs, more than %d bytes"
                .formatted(size, content))
        : List.of();
  }

  private Optional<OutputType> type(ComposeRequest request, List<Refusal> refusals) {
    Optional<OutputType> type = types.find(request.type());
    if (type.isEmpty()) {
      refusals.add(
          new Refusal(
              "BadComposeType",
              "Invalid compose type (" + request.type() + "), must be one of " + types.known()));
    } else if (!type.get().enabled()) {
      refusals.add(
          new Refusal(
              BUILD_FAILED,
              "Compose type '" + request.type() + "' is disabled" + type.get().disabled().get()));
    }
    return type;
  }

  private Optional<CommittedBlueprint> blueprint(ComposeRequest request, List<Refusal> refusals) {
    Refusal unknown =
        new Refusal("UnknownBlueprint", "Unknown blueprint name: " + request.blueprint());
    try {
      Optional<CommittedBlueprint> found = blueprints.newest(request.branch(), request.blueprint());
      if (found.isEmpty()) {
        refusals.add(unknown);
      }
      return found;
    } catch (UnknownBranchException e) {
      refusals.add(unknown);
    } catch (BlueprintException | UncheckedIOException e) {
      refusals.add(new Refusal(BUILD_FAILED, String.valueOf(e.getMessage())));
    }
    return Optional.empty();
  }

  private void checkSupport(
      Blueprint blueprint, Optional<OutputType> type, List<Refusal> refusals) {
    Set<String> impossible =
        type.stream()
            .flatMap(found -> found.unsupported().stream())
            .map(section -> "customizations." + section)
            .collect(Collectors.toSet());
    List<String> unsupported = blueprint.unsupportedSections();
    refuseSections(
        blueprint,
        used(blueprint).filter(impossible::contains).toList(),
        "which an image of type %s cannot have; remove it or choose another type"
            .formatted(type.map(OutputType::name).orElse("")),
        refusals);
    refuseSections(
        blueprint,
        unsupported.stream().filter(section -> !impossible.contains(section)).toList(),
        "which this server cannot carry out; remove it to compose here",
        refusals);
    blueprint
        .distro()
        .filter(wanted -> !wanted.isEmpty() && !wanted.equals(distribution.distro()))
        .ifPresent(
            wanted ->
                refusals.add(
                    new Refusal(
                        BUILD_FAILED,
                        "Blueprint "
                            + blueprint.name()
                            + " is for the distribution "
                            + wanted
                            + "; this host composes "
                            + distribution.distro())));
  }

  /** The sections of its customizations, {@code customizations.kernel}. */
  private static Stream<String> used(Blueprint blueprint) {
    return Stream.concat(
        BlueprintFeatures.of(blueprint).stream().map(feature -> "customizations." + feature),
        blueprint.unsupportedSections().stream());
  }

  private static void refuseSections(
      Blueprint blueprint, List<String> sections, String why, List<Refusal> refusals) {
    if (!sections.isEmpty()) {
      String names = String.join(", ", sections);
      refusals.add(
          new Refusal(
              BUILD_FAILED, "Blueprint %s uses %s, %s".formatted(blueprint.name(), names, why)));
    }
  }

  private List<SolvedPackage> solve(OutputType type, Blueprint blueprint, List<Source> enabled)
      throws ComposeRefusedException {
    try {
      TemplatePackages template = TemplatePackages.read(types.template(type));
      SolveRequest request =
          PackageSelection.of(
              distribution, type, types.installation(), template, blueprint, enabled);
      return depsolver.solve(request);
    } catch (IOException e) {
      throw new ComposeRefusedException(
          BUILD_FAILED, "The template of type " + type.name() + " is unusable: " + e.getMessage());
    } catch (DepsolveException e) {
      // An unknown group has a text of its own that clients know.
      String prefix =
          e.reason() == Reason.UNKNOWN_GROUP ? "" : "Problem depsolving " + blueprint.name() + ": ";
      throw new ComposeRefusedException(
          BUILD_FAILED, prefix + BlueprintDependencies.problem(blueprint, e));
    }
  }
}
