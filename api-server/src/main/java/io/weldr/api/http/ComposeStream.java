package io.weldr.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.weldr.api.compose.ComposeEvent;
import io.weldr.api.compose.ComposeEvents;
import io.weldr.api.compose.ComposeEvents.Batch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code compose/events} of version 1: what happens to composes, one JSON object a line, until the
 * client goes away or the server stops. docs/api.md describes the lines.
 */
final class ComposeStream implements HttpService {
  /** A line now and then shows the client that the server lives, and the server that it does. */
  private static final Duration IDLE = Duration.ofSeconds(15);

  private static final int BLOCK = 1 << 14;

  private final ApiVersion version;
  private final ComposeEvents events;

  ComposeStream(ApiVersion version, ComposeEvents events) {
    this.version = version;
    this.events = events;
  }

  @Override
  public void routing(HttpRules rules) {
    if (version == ApiVersion.V1) {
      new Routes(rules).get("/compose/events", this::stream);
    }
  }

  private void stream(ServerRequest request, ServerResponse response) {
    Optional<ComposeEvents.Reader> found = events.read(after(request));
    if (found.isEmpty()) {
      throw ApiException.ofTransport(
          Status.SERVICE_UNAVAILABLE_503, "Too many clients follow the events; try again later");
    }
    try (ComposeEvents.Reader reader = found.get()) {
      response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/x-ndjson"));
      response.header(HeaderValues.create(HeaderNames.CACHE_CONTROL, "no-store"));
      if (Replies.isHead(request)) {
        response.send(new byte[0]);
      } else {
        follow(reader, response);
      }
    }
  }

  private static Optional<Long> after(ServerRequest request) {
    Optional<String> text = Query.of(request).value("after");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      long after = QueryIntegers.parseLong(text.get());
      if (after < 0) {
        throw ApiException.badRequest(
            ApiError.COMPOSE_ERROR, "after must not be negative: " + after);
      }
      return Optional.of(after);
    } catch (QueryIntegers.NotAnInteger e) {
      throw ApiException.badRequest(ApiError.COMPOSE_ERROR, e.getMessage());
    }
  }

  private static void follow(ComposeEvents.Reader reader, ServerResponse response) {
    try {
      OutputStream out =
          new BufferedOutputStream(
              new PatientStream(response.outputStream(), ClientConnection.current()), BLOCK);
      Batch batch = reader.begin();
      write(out, batch, "begin");
      while (!batch.closed()) {
        batch = reader.next(IDLE);
        write(out, batch, "idle");
      }
      out.close();
    } catch (IOException | RuntimeException e) {
      throw new CloseConnectionException("the client of an event stream went away", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("the server stops", e);
    }
  }

  /**
   * @param otherwise what a batch without events is called
   */
  private static void write(OutputStream out, Batch batch, String otherwise) throws IOException {
    if (batch.lost() || batch.events().isEmpty()) {
      out.write(
          Json.write(Map.of("seq", batch.last(), "event", batch.lost() ? "lost" : otherwise)));
    }
    for (ComposeEvent event : batch.events()) {
      out.write(Json.write(json(event)));
    }
    out.flush();
  }

  private static Map<String, Object> json(ComposeEvent event) {
    Map<String, Object> json = new HashMap<>();
    json.put("seq", event.sequence());
    json.put("time", ComposeJson.seconds(event.time()));
    switch (event) {
      case ComposeEvent.StateChanged changed -> {
        json.put("event", "state");
        json.put("id", changed.entry().id().toString());
        json.put("compose", new EntryJson(ApiVersion.V1, changed.entry()).raw());
      }
      case ComposeEvent.Progressed progressed -> {
        json.put("event", "progress");
        json.put("id", progressed.id().toString());
        json.put("progress", ComposeJson.progress(progressed.progress()));
      }
      case ComposeEvent.Logged logged -> {
        json.put("event", "log");
        json.put("id", logged.id().toString());
        json.put("lines", logged.lines());
      }
      case ComposeEvent.Deleted deleted -> {
        json.put("event", "deleted");
        json.put("id", deleted.id().toString());
      }
    }
    return json;
  }
}
