package io.weldr.api.http;

import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/**
 * Around every request: one line for server.log, one audit line for a request that changes
 * something, and the account of what the connection is waited for.
 */
public final class RequestLog implements Filter {
  /** The logger of the request lines. */
  public static final String LOGGER = "io.weldr.api.http.requests";

  private static final Logger REQUESTS = System.getLogger(LOGGER);
  private static final Logger AUDIT = System.getLogger("io.weldr.api.http.audit");
  private static final Set<Method> READ_ONLY =
      Set.of(Method.GET, Method.HEAD, Method.OPTIONS, Method.TRACE);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);

  RequestLog() {}

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    ClientConnection client = ClientConnection.current();
    client.works();
    long begin = System.nanoTime();
    try {
      chain.proceed();
    } finally {
      log(client, request, response, System.nanoTime() - begin);
      // Helidon reads what is left of the body next.
      client.waitsForRequest();
    }
    if (client.ending()) {
      throw new CloseConnectionException("the server stops");
    }
    // Helidon announces the end of the connection and keeps it all the same.
    if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
        || response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("it was announced");
    }
  }

  private static void log(
      ClientConnection client, RoutingRequest request, RoutingResponse response, long nanos) {
    String method = request.prologue().method().text();
    String path = request.prologue().uriPath().rawPath();
    String query = request.prologue().query().rawValue();
    String target = query.isEmpty() ? path : path + "?" + query;
    REQUESTS.log(
        Level.INFO,
        "- - "
            + client.peer().uid()
            + " ["
            + Second.now().text()
            + "] \""
            + method
            + " "
            + target
            + " HTTP/1.1\" "
            + response.status().code()
            + " "
            + response.bytesWritten()
            + " "
            + BigDecimal.valueOf(nanos / 1_000, 6));
    String outcome = client.takeOutcome();
    if (!READ_ONLY.contains(request.prologue().method())) {
      AUDIT.log(
          Level.INFO,
          "uid=%d gid=%d pid=%d %s %s: %d %s"
              .formatted(
                  client.peer().uid(),
                  client.peer().gid(),
                  client.peer().pid(),
                  method,
                  target,
                  response.status().code(),
                  outcome.isEmpty() ? "done" : outcome));
    }
  }

  /** The text of a second, made once for all its requests: it takes as long as a short reply. */
  private record Second(long second, String text) {
    private static volatile Second last = new Second(0, "");

    static Second now() {
      ZonedDateTime time = ZonedDateTime.now(ZoneId.systemDefault());
      Second known = last;
      if (known.second() != time.toEpochSecond()) {
        known = new Second(time.toEpochSecond(), TIME.format(time));
        last = known;
      }
      return known;
    }
  }
}
