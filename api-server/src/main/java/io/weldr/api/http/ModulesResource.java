package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.depsolve.DepsolveException;
import io.weldr.api.depsolve.PackageIndex;
import io.weldr.api.depsolve.PackageRequest;
import io.weldr.api.depsolve.Project;
import io.weldr.api.depsolve.SolveRequest;
import io.weldr.api.source.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code modules/list} and {@code info}. What the API calls a module is a package; it has nothing
 * to do with the modules of RPM distributions.
 */
final class ModulesResource implements HttpService {
  /** Each takes a run of the solver. */
  private static final int MOST_SOLVED = 100;

  private final PackageAccess packages;
  private final int listLimit;

  /**
   * @param listLimit length of a list when the request gives none
   */
  ModulesResource(PackageAccess packages, int listLimit) {
    this.packages = packages;
    this.listLimit = listLimit;
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .get("/modules/list", this::list)
        .get("/modules/list/{names}", this::listMatching)
        .getWithout("/modules/info", "no module names given")
        .get("/modules/info/{names}", this::info);
  }

  private void list(ServerRequest request, ServerResponse response) {
    Pagination pagination = pagination(request);
    PackageIndex index = index();
    int[] page = pagination.places(index.size());
    send(request, response, index, pagination, index.size(), page);
  }

  private void listMatching(ServerRequest request, ServerResponse response) {
    PackageNames names = PackageNames.of(request);
    Pagination pagination = pagination(request);
    PackageIndex index = index();
    List<String> each = names.each(ApiError.MODULES_ERROR);
    int[] found = index.places(each);
    if (found.length == 0) {
      // A Python list, which clients have always shown.
      String list =
          each.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ", "[", "]"));
      throw ApiException.badRequest(
          ApiError.UNKNOWN_MODULE, "one of the requested modules does not exist: " + list);
    }
    int[] page = Arrays.stream(pagination.places(found.length)).map(i -> found[i]).toArray();
    send(request, response, index, pagination, found.length, page);
  }

  private Pagination pagination(ServerRequest request) {
    Query query = Query.of(request);
    Pagination pagination = query.pagination(listLimit);
    packages.checkDistro(query);
    return pagination;
  }

  private static void send(
      ServerRequest request,
      ServerResponse response,
      PackageIndex index,
      Pagination pagination,
      int total,
      int[] page) {
    new JsonList(
            "\"limit\":%d,".formatted(pagination.limit()),
            "modules",
            ",\"offset\":%d,\"total\":%d".formatted(pagination.offset(), total))
        .send(
            request,
            response,
            page.length,
            sink -> {
              for (int place : page) {
                sink.add(ProjectForms.module(index.name(place)));
              }
            });
  }

  private void info(ServerRequest request, ServerResponse response) {
    PackageNames names = PackageNames.of(request);
    packages.checkDistro(Query.of(request));
    PackageIndex index = index();
    int[] found = index.places(names.each(ApiError.MODULES_ERROR));
    if (found.length == 0) {
      throw ApiException.badRequest(
          ApiError.UNKNOWN_MODULE,
          "one of the requested modules does not exist: " + names.asTyped());
    }
    if (found.length > MOST_SOLVED) {
      throw ApiException.badRequest(
          ApiError.MODULES_ERROR,
          "%d modules match; ask for at most %d at once".formatted(found.length, MOST_SOLVED));
    }
    List<Map<String, Object>> modules = new ArrayList<>();
    for (Project project : projects(index, found)) {
      Map<String, Object> fields = ProjectForms.project(project);
      fields.put("dependencies", dependencies(project.name()));
      modules.add(fields);
    }
    Replies.json(request, response, Map.of("modules", modules));
  }

  private static List<Project> projects(PackageIndex index, int[] places) {
    List<Project> projects = new ArrayList<>();
    try {
      index.read(places, projects::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return projects;
  }

  private List<Map<String, Object>> dependencies(String name) {
    List<Source> sources = packages.sources().list();
    try {
      return ProjectForms.packages(
          packages
              .depsolver()
              .solve(SolveRequest.of(sources, List.of(PackageRequest.any(name)), List.of())));
    } catch (DepsolveException e) {
      throw ApiException.badRequest(ApiError.MODULES_ERROR, e.getMessage());
    }
  }

  private PackageIndex index() {
    try {
      return packages.catalog().index();
    } catch (DepsolveException e) {
      throw ApiException.badRequest(ApiError.MODULES_ERROR, e.getMessage());
    }
  }
}
