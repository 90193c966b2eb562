package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.source.InvalidSourceException;
import io.weldr.api.source.Source;
import io.weldr.api.source.SourceStore;
import io.weldr.api.source.SystemSourceException;
import io.weldr.api.source.UnknownSourceException;
import io.weldr.api.source.UnusableSourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code projects/source/list}, {@code info}, {@code new} and {@code delete}. */
final class SourcesResource implements HttpService {
  private final ApiVersion version;
  private final PackageAccess packages;
  private final SourceStore sources;

  SourcesResource(ApiVersion version, PackageAccess packages) {
    this.version = version;
    this.packages = packages;
    this.sources = packages.sources();
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .get("/projects/source/list", this::list)
        .getWithout("/projects/source/info", "no source names given")
        .get("/projects/source/info/{ids}", this::info)
        .post("/projects/source/new", this::save)
        .deleteWithout("/projects/source/delete", "no source name given")
        .delete("/projects/source/delete/{id}", this::delete);
  }

  private void list(ServerRequest request, ServerResponse response) {
    List<String> ids = sources.list().stream().map(Source::id).sorted().toList();
    Replies.json(request, response, Map.of("sources", ids));
  }

  private void info(ServerRequest request, ServerResponse response) {
    String ids = PathNames.general(request, "ids");
    boolean toml = Query.of(request).toml();
    List<Source> found = new ArrayList<>();
    List<ApiError> errors = new ArrayList<>();
    if (ids.equals("*")) {
      found.addAll(sources.list());
    } else {
      for (String id : ids.split(",", -1)) {
        sources
            .find(id)
            .ifPresentOrElse(
                found::add,
                () ->
                    errors.add(
                        new ApiError(ApiError.UNKNOWN_SOURCE, id + " is not a valid source")));
      }
    }
    if (!toml) {
      Map<String, Object> described = new TreeMap<>();
      found.forEach(source -> described.put(source.id(), SourceForms.fields(version, source)));
      Replies.json(
          request, response, Map.of("sources", described, "errors", Replies.errors(errors)));
    } else if (errors.isEmpty()) {
      found.sort(Comparator.comparing(Source::id));
      Replies.text(request, response, "text/x-toml", SourceForms.toml(version, found));
    } else {
      throw ApiException.badRequest(errors);
    }
  }

  private void save(ServerRequest request, ServerResponse response) {
    Source source = new SourceRequests(version, packages.distro()).read(request);
    try {
      // What needs no server is refused before a server is asked.
      sources.check(source);
      sources.save(packages.probe().tried(source));
      ClientConnection.current().outcome("source " + source.id());
    } catch (SystemSourceException e) {
      throw ApiException.badRequest(ApiError.SYSTEM_SOURCE, e.getMessage());
    } catch (InvalidSourceException | UnusableSourceException e) {
      throw ApiException.badRequest(ApiError.PROJECTS_ERROR, e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listed();
    Replies.ok(request, response);
  }

  private void delete(ServerRequest request, ServerResponse response) {
    String id = PathNames.general(request, "id");
    try {
      sources.delete(id);
      ClientConnection.current().outcome("source " + id);
    } catch (SystemSourceException e) {
      throw ApiException.badRequest(ApiError.SYSTEM_SOURCE, e.getMessage());
    } catch (UnknownSourceException e) {
      throw ApiException.badRequest(ApiError.UNKNOWN_SOURCE, e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listed();
    Replies.ok(request, response);
  }

  /** So that a client that changed a source sees its packages right after. */
  private void listed() {
    packages.depsolver().sourcesChanged();
    try {
      packages.catalog().sourcesChanged();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
