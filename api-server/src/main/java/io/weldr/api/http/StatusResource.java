package io.weldr.api.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code GET status}: that the server is there, and what it found wrong at start. */
public final class StatusResource implements HttpService {
  private final String backend;
  private final String build;
  private final Supplier<List<String>> messages;

  /**
   * @param backend name of this server
   * @param build its version
   * @param messages what the user should know, one sentence each
   */
  public StatusResource(String backend, String build, Supplier<List<String>> messages) {
    this.backend = backend;
    this.build = build;
    this.messages = messages;
  }

  @Override
  public void routing(HttpRules rules) {
    new Routes(rules).get("/status", this::status);
  }

  private void status(ServerRequest request, ServerResponse response) {
    Replies.json(
        request,
        response,
        Map.of(
            "api",
            "1",
            "backend",
            backend,
            "build",
            build,
            "db_supported",
            true,
            "db_version",
            "0",
            "schema_version",
            "0",
            "msgs",
            messages.get()));
  }
}
