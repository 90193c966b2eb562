package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.compose.ComposeEntry;
import io.weldr.api.compose.ComposeState;
import io.weldr.api.compose.Composes;
import io.weldr.api.compose.OutputTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code compose/types}, {@code queue}, {@code finished}, {@code failed} and {@code status}. */
final class ComposeLists implements HttpService {
  private final ApiVersion version;
  private final Composes composes;
  private final OutputTypes types;
  private final PackageAccess packages;
  private final EntryReplies replies;

  ComposeLists(ApiVersion version, Composes composes, OutputTypes types, PackageAccess packages) {
    this.version = version;
    this.composes = composes;
    this.types = types;
    this.packages = packages;
    this.replies = new EntryReplies(version, composes);
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules)
        .get("/compose/types", this::types)
        .get("/compose/queue", this::queue)
        .get("/compose/finished", this::finished)
        .get("/compose/failed", this::failed)
        .getWithout("/compose/status", "no UUIDs given")
        .get("/compose/status/{ids}", this::status);
  }

  private void types(ServerRequest request, ServerResponse response) {
    packages.checkDistro(Query.of(request));
    List<Map<String, Object>> list =
        types.list().stream()
            .map(type -> Map.<String, Object>of("name", type.name(), "enabled", type.enabled()))
            .toList();
    Replies.json(request, response, Map.of("types", list));
  }

  private void queue(ServerRequest request, ServerResponse response) {
    replies
        .reply()
        .list("new", all -> in(all, ComposeState.WAITING))
        .list("run", all -> in(all, ComposeState.RUNNING))
        .send(request, response);
  }

  private void finished(ServerRequest request, ServerResponse response) {
    replies.reply().list("finished", all -> in(all, ComposeState.FINISHED)).send(request, response);
  }

  private void failed(ServerRequest request, ServerResponse response) {
    replies.reply().list("failed", all -> in(all, ComposeState.FAILED)).send(request, response);
  }

  private static List<ComposeEntry> in(List<ComposeEntry> entries, ComposeState state) {
    List<ComposeEntry> found = new ArrayList<>();
    for (ComposeEntry entry : entries) {
      if (entry.state() == state) {
        found.add(entry);
      }
    }
    return found;
  }

  /** First those that wait, then those that run, then those that have ended. */
  private static List<ComposeEntry> inOrder(List<ComposeEntry> entries) {
    List<ComposeEntry> found = in(entries, ComposeState.WAITING);
    found.addAll(in(entries, ComposeState.RUNNING));
    for (ComposeEntry entry : entries) {
      if (entry.state().ended()) {
        found.add(entry);
      }
    }
    return found;
  }

  private void status(ServerRequest request, ServerResponse response) {
    List<String> ids = PathNames.ids(request, "ids");
    Optional<Predicate<ComposeEntry>> filter = filter(Query.of(request));
    boolean all = ids.equals(List.of("*"));
    if (all && filter.isEmpty()) {
      replies
          .reply()
          .value("errors", List.of())
          .list("uuids", ComposeLists::inOrder)
          .send(request, response);
      return;
    }
    List<ComposeEntry> found = new ArrayList<>();
    List<ApiError> errors = new ArrayList<>();
    if (all) {
      found.addAll(inOrder(composes.entries()));
    } else {
      for (String id : ids) {
        Optional<ComposeEntry> entry = PathNames.uuid(id).flatMap(composes::find);
        entry.ifPresent(found::add);
        ComposeJson.unknown(id, entry.isPresent()).ifPresent(errors::add);
      }
    }
    filter.ifPresent(wanted -> found.removeIf(wanted.negate()));
    replies
        .reply()
        .value("errors", Replies.errors(errors))
        .list("uuids", found)
        .send(request, response);
  }

  /** The filters of the query, exact and all together. Version 0 checks their characters. */
  private Optional<Predicate<ComposeEntry>> filter(Query query) {
    return Stream.of(
            equal(query, "blueprint", ComposeEntry::blueprint),
            equal(query, "status", entry -> entry.state().name()),
            equal(query, "type", ComposeEntry::type))
        .flatMap(Optional::stream)
        .reduce(Predicate::and);
  }

  private Optional<Predicate<ComposeEntry>> equal(
      Query query, String name, Function<ComposeEntry, String> field) {
    return checked(query, name).map(value -> entry -> value.equals(field.apply(entry)));
  }

  private Optional<String> checked(Query query, String name) {
    Optional<String> value = query.value(name);
    if (version == ApiVersion.V0 && value.filter(text -> !PathNames.isGeneral(text)).isPresent()) {
      throw ApiException.badRequest(ApiError.INVALID_CHARS, PathNames.BAD_PATH);
    }
    return value;
  }
}
