package io.weldr.api.compose;

import io.weldr.api.blueprint.Blueprint;
import io.weldr.api.blueprint.CommittedBlueprint;
import io.weldr.api.depsolve.SolvedPackage;
import io.weldr.api.source.Source;
import java.util.List;
import java.util.UUID;

/**
 * A compose with every question answered: nothing is looked up any more when it is built.
 *
 * @param frozen the blueprint with exact versions
 * @param packages everything that is installed, sorted by lower-cased name
 * @param sources those the packages come from
 * @param commits what packages of git repositories are made of
 * @param warnings what was asked for and is planned otherwise
 */
public record ComposePlan(
    UUID id,
    ComposeRequest request,
    CommittedBlueprint blueprint,
    Blueprint frozen,
    OutputType type,
    List<SolvedPackage> packages,
    List<Source> sources,
    List<GitCommit> commits,
    List<String> warnings) {

  public ComposePlan {
    packages = List.copyOf(packages);
    sources = List.copyOf(sources);
    commits = List.copyOf(commits);
    warnings = List.copyOf(warnings);
  }
}
