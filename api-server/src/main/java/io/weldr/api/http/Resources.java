package io.weldr.api.http;

import io.helidon.webserver.http.HttpService;
import io.weldr.api.blueprint.BlueprintStore;
import io.weldr.api.compose.Composes;
import io.weldr.api.compose.OutputTypes;
import io.weldr.api.compose.ResultFiles;
import java.util.List;

/**
 * What the resources work with.
 *
 * @param listLimit length of a list when the request gives none
 */
public record Resources(
    StatusResource status,
    BlueprintStore blueprints,
    Composes composes,
    OutputTypes types,
    ResultFiles results,
    PackageAccess packages,
    int listLimit) {

  /** All resources of one version of the API. */
  List<HttpService> of(ApiVersion version) {
    return List.of(
        new BlueprintLists(blueprints, listLimit),
        new BlueprintHistory(version, blueprints, listLimit),
        new BlueprintActions(blueprints),
        new BlueprintPackages(blueprints, packages),
        new ComposeActions(version, composes, packages),
        new ComposeLists(version, composes, types, packages),
        new ComposeStream(version, composes.events()),
        new ComposeResults(version, composes, results),
        new ComposeDownloads(composes, types, results),
        new SourcesResource(version, packages),
        new ProjectsResource(packages, listLimit),
        new ModulesResource(packages, listLimit),
        new DistrosResource(version, packages),
        new UploadsResource(version));
  }
}
