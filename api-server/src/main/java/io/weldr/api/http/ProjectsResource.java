package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.depsolve.DepsolveException;
import io.weldr.api.depsolve.PackageIndex;
import io.weldr.api.depsolve.PackageRequest;
import io.weldr.api.depsolve.SolveRequest;
import io.weldr.api.depsolve.SolvedPackage;
import java.util.List;
import java.util.Map;

/** {@code projects/list}, {@code info} and {@code depsolve}: packages by name. */
final class ProjectsResource implements HttpService {
  private final PackageAccess packages;
  private final int listLimit;

  /**
   * @param listLimit length of a list when the request gives none
   */
  ProjectsResource(PackageAccess packages, int listLimit) {
    this.packages = packages;
    this.listLimit = listLimit;
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .get("/projects/list", this::list)
        .getWithout("/projects/info", "no project names given")
        .get("/projects/info/{names}", this::info)
        .getWithout("/projects/depsolve", "no project names given")
        .get("/projects/depsolve/{names}", this::depsolve);
  }

  private void list(ServerRequest request, ServerResponse response) {
    Query query = Query.of(request);
    Pagination pagination = query.pagination(listLimit);
    packages.checkDistro(query);
    PackageIndex index = index();
    int[] page = pagination.places(index.size());
    new JsonList(
            "\"limit\":%d,\"offset\":%d,".formatted(pagination.limit(), pagination.offset()),
            "projects",
            ",\"total\":" + index.size())
        .send(request, response, page.length, projects(index, page));
  }

  private void info(ServerRequest request, ServerResponse response) {
    PackageNames names = PackageNames.of(request);
    packages.checkDistro(Query.of(request));
    PackageIndex index = index();
    int[] found = index.places(names.each(ApiError.PROJECTS_ERROR));
    if (found.length == 0) {
      throw unknown(names);
    }
    new JsonList("", "projects", "").send(request, response, found.length, projects(index, found));
  }

  private static JsonList.Items projects(PackageIndex index, int[] places) {
    return sink -> index.read(places, project -> sink.add(ProjectForms.project(project)));
  }

  private void depsolve(ServerRequest request, ServerResponse response) {
    PackageNames names = PackageNames.of(request);
    packages.checkDistro(Query.of(request));
    List<PackageRequest> wanted =
        names.each(ApiError.PROJECTS_ERROR).stream().map(PackageRequest::any).toList();
    try {
      List<SolvedPackage> solution =
          packages.depsolver().solve(SolveRequest.of(packages.sources().list(), wanted, List.of()));
      if (solution.isEmpty()) {
        throw unknown(names);
      }
      Replies.json(request, response, Map.of("projects", ProjectForms.packages(solution)));
    } catch (DepsolveException e) {
      throw ApiException.badRequest(ApiError.PROJECTS_ERROR, e.getMessage());
    }
  }

  private static ApiException unknown(PackageNames names) {
    return ApiException.badRequest(
        ApiError.UNKNOWN_PROJECT,
        "one of the requested projects does not exist: " + names.asTyped());
  }

  private PackageIndex index() {
    try {
      return packages.catalog().index();
    } catch (DepsolveException e) {
      throw ApiException.badRequest(ApiError.PROJECTS_ERROR, e.getMessage());
    }
  }
}
